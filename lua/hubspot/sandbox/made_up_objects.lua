--- Made-up companies, deals, tickets, tasks and notes, and the associations between them and the contacts.
local made_up_objects = {}

local NAMES = { "Acme", "Cobalt", "Delta", "Evergreen", "Foxglove", "Granite", "Harbor", "Juniper", "Kestrel", "Lumen" }
local KINDS = { "Foods", "Freight", "Health", "Labs", "Media", "Tools", "Travel" }
local CITIES = { "Austin", "Berlin", "Boston", "Dublin", "Kyoto", "Lyon", "Pune" }
local INDUSTRIES = { "COMPUTER_SOFTWARE", "FINANCIAL_SERVICES", "RETAIL", "HOSPITAL_HEALTH_CARE" }
local STAGES = { "appointmentscheduled", "qualifiedtobuy", "contractsent", "closedwon", "closedlost" }
local SUBJECTS = { "Can't sign in", "Invoice is wrong", "How do I export?", "It is slow", "Please call back" }
local OWNERS = { "41629779", "41629780", "41629781" }

local function pick(random, values) return values[random(#values)] end

local makers = {}

makers.companies = {
  make = function(random, number)
    local name, kind = pick(random, NAMES), pick(random, KINDS)
    return {
      name = name .. " " .. kind,
      domain = string.format("%s-%s-%d.example.com", name:lower(), kind:lower(), number),
      city = pick(random, CITIES),
      industry = pick(random, INDUSTRIES),
      numberofemployees = string.format("%d", random(500)),
      hubspot_owner_id = pick(random, OWNERS),
    }
  end,
}

makers.deals = {
  make = function(random, number)
    return {
      dealname = string.format("%s order %d", pick(random, NAMES), number),
      pipeline = "default",
      dealstage = pick(random, STAGES),
      amount = string.format("%d", random(900) * 100),
      hubspot_owner_id = pick(random, OWNERS),
    }
  end,
}

makers.tickets = {
  make = function(random)
    return {
      subject = pick(random, SUBJECTS),
      hs_pipeline = "0",
      hs_pipeline_stage = string.format("%d", random(4)),
      hs_ticket_priority = pick(random, { "LOW", "MEDIUM", "HIGH" }),
    }
  end,
}

local function stamp(values, created) values.hs_timestamp = string.format("%.0f", created) end

makers.tasks = {
  make = function(random)
    return { hs_task_subject = pick(random, SUBJECTS), hs_task_status = pick(random, { "NOT_STARTED", "COMPLETED" }) }
  end,
  finish = stamp,
}

makers.notes = { make = function(random) return { hs_note_body = pick(random, SUBJECTS) } end, finish = stamp }

-- Each record of the first type leads to one of the second.
local LINKS = {
  { "contacts", "companies" },
  { "deals", "companies" },
  { "deals", "contacts" },
  { "tickets", "contacts" },
  { "tickets", "companies" },
  { "tasks", "contacts" },
  { "notes", "contacts" },
}

--- The types that can be made up, besides contacts.
made_up_objects.TYPES = { "companies", "deals", "tickets", "tasks", "notes" }

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
  local is_any = false
  for _, name in ipairs(made_up_objects.TYPES) do
    if (options[name] or 0) > 0 then
      objects:store(objects:get(name)):generate(options[name], makers[name])
      is_any = true
    end
  end
  if not is_any then return end
  for _, pair in ipairs(LINKS) do
    link(objects, objects:get(pair[1]), objects:get(pair[2]))
  end
end

return made_up_objects
