--- Made-up records besides contacts, and the associations between them: the same seed gives the same ones.
local made_up_objects = {}

local COMPANIES =
  { "Acme", "Cobalt", "Delta", "Evergreen", "Foxglove", "Granite", "Harbor", "Juniper", "Kestrel", "Lumen" }
local KINDS = { "Foods", "Freight", "Health", "Labs", "Media", "Tools", "Travel" }
local SUBJECTS = { "Can't sign in", "Invoice is wrong", "How do I export?", "It is slow", "Please call back" }
local GOODS = { "Hammer", "Ladder", "Lamp", "Paint", "Rope", "Saw", "Wrench" }

local function pick(random, values) return values[random(#values)] end

-- Values of a property: each is a function of a source of random numbers and the number of the record.

local function one_of(values)
  return function(random) return pick(random, values) end
end

local function whole(most, step)
  return function(random) return string.format("%d", random(most) * (step or 1)) end
end

local function always(value)
  return function() return value end
end

local function numbered(format, values)
  return function(random, number) return string.format(format, pick(random, values), number) end
end

local OWNER = { "hubspot_owner_id", one_of { "41629779", "41629780", "41629781" } }
local SUBJECT = one_of(SUBJECTS)

-- Activities are of the time at which they were made.
local function stamp(values, created) values.hs_timestamp = string.format("%.0f", created) end

local function add_company(random, number, values)
  local name, kind = pick(random, COMPANIES), pick(random, KINDS)
  values.name = name .. " " .. kind
  values.domain = string.format("%s-%s-%d.example.com", name:lower(), kind:lower(), number)
end

-- A row: the type, its properties in the order in which they are made up, and `linked_to`, the types of which each
-- record leads to one. `begin(random, number, values)` adds values first, `finish(values, created)` last.
local ROWS = {
  {
    name = "companies",
    begin = add_company,
    properties = {
      { "city", one_of { "Austin", "Berlin", "Boston", "Dublin", "Kyoto", "Lyon", "Pune" } },
      { "industry", one_of { "COMPUTER_SOFTWARE", "FINANCIAL_SERVICES", "RETAIL", "HOSPITAL_HEALTH_CARE" } },
      { "numberofemployees", whole(500) },
      OWNER,
    },
  },
  {
    name = "deals",
    properties = {
      { "dealname", numbered("%s order %d", COMPANIES) },
      { "pipeline", always "default" },
      {
        "dealstage",
        one_of { "appointmentscheduled", "qualifiedtobuy", "contractsent", "closedwon", "closedlost" },
      },
      { "amount", whole(900, 100) },
      OWNER,
    },
    linked_to = { "companies", "contacts" },
  },
  {
    name = "tickets",
    properties = {
      { "subject", SUBJECT },
      { "hs_pipeline", always "0" },
      { "hs_pipeline_stage", whole(4) },
      { "hs_ticket_priority", one_of { "LOW", "MEDIUM", "HIGH" } },
    },
    linked_to = { "contacts", "companies" },
  },
  {
    name = "tasks",
    properties = { { "hs_task_subject", SUBJECT }, { "hs_task_status", one_of { "NOT_STARTED", "COMPLETED" } } },
    finish = stamp,
    linked_to = { "contacts", "companies", "deals", "tickets" },
  },
  {
    name = "notes",
    properties = { { "hs_note_body", SUBJECT } },
    finish = stamp,
    linked_to = { "contacts", "companies", "deals", "tickets" },
  },
  {
    name = "calls",
    properties = {
      { "hs_call_title", SUBJECT },
      { "hs_call_direction", one_of { "INBOUND", "OUTBOUND" } },
      { "hs_call_status", one_of { "COMPLETED", "NO_ANSWER", "BUSY" } },
      { "hs_call_duration", whole(1800, 1000) },
      OWNER,
    },
    finish = stamp,
    linked_to = { "contacts", "companies", "deals", "tickets" },
  },
  {
    name = "meetings",
    properties = {
      { "hs_meeting_title", SUBJECT },
      { "hs_meeting_outcome", one_of { "SCHEDULED", "COMPLETED", "NO_SHOW", "CANCELED" } },
      OWNER,
    },
    finish = stamp,
    linked_to = { "contacts", "companies", "deals", "tickets" },
  },
  {
    name = "emails",
    properties = {
      { "hs_email_subject", SUBJECT },
      { "hs_email_direction", one_of { "EMAIL", "INCOMING_EMAIL" } },
      { "hs_email_status", always "SENT" },
      { "hs_email_text", SUBJECT },
      OWNER,
    },
    finish = stamp,
    linked_to = { "contacts", "companies", "deals", "tickets" },
  },
  {
    name = "products",
    properties = {
      { "name", numbered("%s %d", GOODS) },
      { "price", whole(200, 5) },
      { "hs_sku", function(_, number) return string.format("SKU-%05d", number) end },
    },
  },
  {
    name = "line_items",
    properties = { { "name", one_of(GOODS) }, { "quantity", whole(12) }, { "price", whole(200, 5) } },
    linked_to = { "deals" },
  },
  {
    name = "leads",
    properties = {
      { "hs_lead_name", numbered("%s lead %d", COMPANIES) },
      { "hs_lead_label", one_of { "WARM", "HOT", "COLD" } },
    },
    linked_to = { "contacts" },
  },
}

--- The types that can be made up, besides contacts: the names of the options that tell how many there are.
made_up_objects.TYPES = {}
for index, row in ipairs(ROWS) do
  made_up_objects.TYPES[index] = row.name
end

--- The most records of one of these types that a portal starts with.
made_up_objects.MOST = 1000000

local function maker_of(row)
  return {
    make = function(random, number)
      local values = {}
      if row.begin then row.begin(random, number, values) end
      for _, property in ipairs(row.properties) do
        values[property[1]] = property[2](random, number)
      end
      return values
    end,
    finish = row.finish,
  }
end

-- Each record of the first type leads to one of the second.
local function link(objects, from, to)
  local from_ids, to_ids = objects:store(from).live:all(), objects:store(to).live:all()
  if #to_ids == 0 then return end
  for index, id in ipairs(from_ids) do
    local other = to_ids[(index - 1) % #to_ids + 1]
    objects.associations:add({ type = from.id, id = id }, { type = to.id, id = other }, {})
  end
end

--- Fills a portal with as many of each type as `options` says.
function made_up_objects.generate(objects, options)
  local made = {}
  for _, row in ipairs(ROWS) do
    if (options[row.name] or 0) > 0 then
      objects:store(objects:get(row.name)):generate(options[row.name], maker_of(row))
      made[#made + 1] = row
    end
  end
  if (options.companies or 0) > 0 then link(objects, objects:get "contacts", objects:get "companies") end
  for _, row in ipairs(made) do
    for _, name in ipairs(row.linked_to or {}) do
      link(objects, objects:get(row.name), objects:get(name))
    end
  end
end

return made_up_objects
