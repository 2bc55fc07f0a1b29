-- Associates contacts with the company whose domain their e-mail address has.
--
--     link_companies.lua [--write]
--
-- A contact is left alone where it is associated with that company already, where no company has the domain, where
-- several have it, and where the domain is a mail provider's. Without the flag --write it tells what it would do, and
-- writes nothing. It works on your account with HUBSPOT_TOKEN set (the token needs the scopes
-- crm.objects.contacts.read, crm.objects.contacts.write, crm.objects.companies.read and crm.objects.companies.write),
-- else on the sandbox at HUBSPOT_BASE_URL. It can be run again, and ends with 1 where HubSpot refused some.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --contacts 3000 --fixtures examples/companies.json &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/link_companies.lua --write

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "link_companies.lua [--write]"
local PAGES_AT_A_TIME = 8
-- HubSpot reads the associations of so many contacts by one request.
local CONTACTS_AT_A_TIME = 1000

-- Their addresses say nothing of a company.
local PROVIDERS = {}
for name in
  ([[aol.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com me.com msn.com outlook.com
  proton.me protonmail.com web.de yahoo.com]]):gmatch "%S+"
do
  PROVIDERS[name] = true
end

-- Companies ----------------------------------------------------------------------------------------------------------

local function domain_of_company(company)
  local domain = (company.properties.domain or ""):lower():gsub("^www%.", "")
  return domain ~= "" and domain
end

-- HubSpot does not keep domains unique: each has the list of its companies.
local function read_companies(client)
  local by_domain, count = {}, 0
  for company in client.companies:all { properties = { "domain" }, parallel = PAGES_AT_A_TIME } do
    local domain = domain_of_company(company)
    count = count + 1
    if domain then
      local ids = by_domain[domain] or {}
      ids[#ids + 1], by_domain[domain] = company.id, ids
    end
  end
  return by_domain, count
end

-- Contacts -----------------------------------------------------------------------------------------------------------

local function domain_of_contact(contact)
  local domain = (contact.properties.email or ""):lower():match "@([^@%s]+)$"
  return domain and not PROVIDERS[domain] and domain
end

-- The company of a contact; nil where there is none, or more than one.
local function company_of(state, contact)
  local domain = domain_of_contact(contact)
  local ids = domain and state.by_domain[domain]
  if not ids then
    state.without = state.without + 1
    return nil
  end
  if #ids > 1 then
    state.ambiguous[domain] = (state.ambiguous[domain] or 0) + 1
    return nil
  end
  return ids[1]
end

local function is_among(associated, id)
  for _, one in ipairs(associated) do
    if one.id == id then return true end
  end
  return false
end

-- The rows whose contacts are not associated with their company yet.
local function missing_among(state, rows)
  local ids, missing = {}, {}
  for index, row in ipairs(rows) do
    ids[index] = row.from
  end
  local found = check(state.client.associations:get_many("contacts", ids, "companies"))
  for index, row in ipairs(rows) do
    if not is_among(found[index].to, row.to) then missing[#missing + 1] = row end
  end
  state.associated = state.associated + #rows - #missing
  return missing
end

local function report_failures(state, rows, outcome)
  for _, err in ipairs(outcome.errors) do
    local row = rows[err.index]
    io.stderr:write(("contact %s, company %s: %s\n"):format(row.from, row.to, tostring(err)))
  end
  state.failed = state.failed + #outcome.errors
  if outcome.stopped_by then error(outcome.stopped_by, 0) end
end

local function link(state, rows)
  if #rows == 0 then return end
  local missing = missing_among(state, rows)
  if not state.writes or #missing == 0 then
    state.linked = state.linked + #missing
    return
  end
  local outcome = check(state.client.associations:create_many("contacts", "companies", missing))
  state.linked = state.linked + #outcome.results
  report_failures(state, missing, outcome)
end

local function link_all(state)
  local rows = {}
  for contact in state.client.contacts:all { properties = { "email" }, parallel = PAGES_AT_A_TIME } do
    state.read = state.read + 1
    local company_id = company_of(state, contact)
    if company_id then rows[#rows + 1] = { from = contact.id, to = company_id } end
    if #rows == CONTACTS_AT_A_TIME then
      link(state, rows)
      rows = {}
    end
  end
  link(state, rows)
end

-- Output -------------------------------------------------------------------------------------------------------------

local function print_ambiguous(state)
  local domains = {}
  for domain in pairs(state.ambiguous) do
    domains[#domains + 1] = domain
  end
  table.sort(domains)
  for _, domain in ipairs(domains) do
    print(
      ("%s: %d companies have it, %d contacts are left alone"):format(
        domain,
        #state.by_domain[domain],
        state.ambiguous[domain]
      )
    )
  end
end

local function summarize(state)
  print_ambiguous(state)
  local function count(label, number) print(("%-20s%8d"):format(label, number)) end
  count("companies read", state.companies)
  count("contacts read", state.read)
  count("associated before", state.associated)
  count(state.writes and "associated" or "would associate", state.linked)
  count("refused", state.failed)
  count("no company", state.without)
  if not state.writes then print(connect.UNWRITTEN) end
end

connect.run(function()
  local given = connect.arguments(USAGE, { write = false })
  local client, target = connect.open()
  local by_domain, companies = read_companies(client)
  local state = {
    client = client,
    writes = given.write,
    by_domain = by_domain,
    companies = companies,
    ambiguous = {},
    read = 0,
    associated = 0,
    linked = 0,
    failed = 0,
    without = 0,
  }
  print("Contacts and companies of " .. target)
  local finished, err = pcall(link_all, state)
  summarize(state)
  if not finished then error(err, 0) end
  return state.failed == 0
end)
