-- Measures a mirror: what a first copy and a run without changes cost, how fast a first copy is under HubSpot's quota
-- and 80 ms away, what memory many associations take, and how many rows a second PostgreSQL takes. Prints JSON Lines.
--
--   lua5.4 bench/mirror.lua [contacts]     100,000 when left out; 1,000,000 shows that memory is flat

local root = (arg[0]:match "^(.*)/" or ".") .. "/.."
package.path = ("ROOT/lua/?.lua;ROOT/lua/?/init.lua;ROOT/program/?.lua;ROOT/program/?/init.lua;ROOT/?.lua;"):gsub(
  "ROOT",
  root
) .. package.path
package.cpath = ("%s/build/lua5.4/?.so;%s"):format(root, package.cpath)

local append = require "hubspot.append"
local command = require "spec.support.command"
local core = require "hubspot.core"
local database = require "hubspot.mirror.database"
local postgresql = require "spec.support.postgresql"
local records = require "hubspot.mirror.records"
local sandbox = require "spec.support.sandbox"
local schema = require "hubspot.mirror.schema"
local scratch = require "spec.support.scratch"
local support = require "spec.support.mirror"
local time = require "hubspot.time"
local wire = require "spec.support.wire"

local CONTACTS = tonumber(arg[1]) or 100000
local LATENCY_MS, QUOTA = 80, "190/10"

local PROPERTIES = {
  "email",
  "firstname",
  "lastname",
  "phone",
  "city",
  "state",
  "zip",
  "country",
  "company",
  "jobtitle",
  "lifecyclestage",
  "lead_tier",
  "createdate",
  "lastmodifieddate",
  "hs_object_id",
  "hs_analytics_source",
  "hs_lead_status",
  "website",
  "address",
  "fax",
}

local function report(fields) print(core.encode(fields)) end

local ONLY_CONTACTS =
  { "--objects", "contacts", "--associations", "none", "--properties", table.concat(PROPERTIES, ",") }

local WITH_ASSOCIATIONS = { "--objects", "contacts,companies", "--properties", "email,name" }

-- Runs the mirror under `measure`; gives its figures.
local function measured(server, file, options)
  local words = { "mirror", "--db", file.address, "--lists", "none", "-v", env = command.against(server) }
  append(words, options)
  local line = command.line(words)
  local pipe = assert(io.popen(("build/bench/measure 7200 %s 2>&1"):format(line)))
  local refused, requests, last = 0, 0, ""
  for text in pipe:lines() do
    if text:find ": %d+, %d+ ms" then requests = requests + 1 end
    if text:find ": 429" then refused = refused + 1 end
    last = text
  end
  pipe:close()
  local wall, user, system, kilobytes = last:match "^measured ([%d.]+) ([%d.]+) ([%d.]+) (%d+)"
  return {
    seconds = tonumber(wall),
    cpu_seconds = tonumber(user) + tonumber(system),
    megabytes = math.floor(tonumber(kilobytes) / 102.4 + 0.5) / 10,
    requests = requests,
    refused = refused,
  }
end

local function first_copy(name, start)
  local server, file = sandbox.start(start), support.sqlite_file(scratch.folder_on_disk())
  local figures = measured(server, file, ONLY_CONTACTS)
  figures.scenario, figures.contacts = name, CONTACTS
  figures.records_a_second = math.floor(CONTACTS / figures.seconds)
  report(figures)
  server:advance(7200)
  local again = measured(server, file, ONLY_CONTACTS)
  again.scenario = name .. ", nothing changed"
  report(again)
  file.remove()
  server:stop()
end

-- Companies of which each has many contacts.
local function many_associations(companies, contacts_each)
  local server, file =
    sandbox.start { contacts = 5000, companies = companies }, support.sqlite_file(scratch.folder_on_disk())
  local client, contacts, inputs = wire.client(server), {}, {}
  for contact in client.contacts:all() do
    contacts[#contacts + 1] = contact.id
  end
  for company in client.companies:all() do
    for _ = 1, contacts_each do
      inputs[#inputs + 1] = { from = contacts[#inputs % #contacts + 1], to = company.id }
    end
  end
  assert(client.associations:create_many("contacts", "companies", inputs))
  client:close()
  for _, name in ipairs { "first copy", "a run" } do
    local figures = measured(server, file, WITH_ASSOCIATIONS)
    figures.scenario, figures.associations = name .. ", many associations", #inputs
    report(figures)
  end
  file.remove()
  server:stop()
end

-- Rows of 20 properties, without HubSpot.
local function rows_a_second(name, address)
  local opened, definitions = database.open(address, { schema = "bench" }), {}
  for index, property in ipairs(PROPERTIES) do
    definitions[index] = { name = property, type = "string" }
  end
  local function now() return time.to_iso(os.time() * 1000) end
  schema.prepare(opened)
  schema.adapt(opened, "contacts", definitions, now())
  local of_contacts = records.new(opened, "contacts", { now = now, wanted = PROPERTIES })
  local began, count = core.now(), math.min(CONTACTS, 100000)
  for first = 1, count, 1000 do
    local list = {}
    for index = first, first + 999 do
      local properties = {}
      for _, property in ipairs(PROPERTIES) do
        properties[property] = property .. " of " .. index
      end
      list[#list + 1] = { id = ("%d"):format(index), properties = properties, updatedAt = "2026-01-02T03:04:05.678Z" }
    end
    opened:transaction(function() of_contacts:fill(list) end)
  end
  report { scenario = "rows into " .. name, rows_a_second = math.floor(count / (core.now() - began)) }
  opened:close()
end

first_copy("first copy", { contacts = CONTACTS })
first_copy("first copy under the quota, 80 ms away", { contacts = CONTACTS, latency = LATENCY_MS, quota = QUOTA })
many_associations(1000, 200)
local file = support.sqlite_file(scratch.folder_on_disk())
rows_a_second("SQLite", file.address)
file.remove()
local server = postgresql.start { is_durable = true }
rows_a_second("PostgreSQL", server.address)
server:stop()
