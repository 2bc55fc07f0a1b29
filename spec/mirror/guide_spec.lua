-- The questions of the mirror's guide, as they stand there, to a mirrored portal: in sqlite3 and in psql.

local document = require "spec.support.document"
local script = require "spec.support.script"
local support = require "spec.support.mirror"

local GUIDE = "doc/guide/mirror.md"

local function sqlite3(address, path)
  return script.run_shell(("{ sqlite3 -bail -csv %s <%s; }"):format(address:match "^sqlite:(.*)$", path))
end

local function psql(address, path)
  return script.run_shell(
    ("{ PGOPTIONS='-c search_path=crm' psql -v ON_ERROR_STOP=1 -qtA -F , %s <%s; }"):format(script.quote(address), path)
  )
end

support.on_each(function(start, address_of)
  it("answers the questions of the guide", function()
    local address = address_of()
    local mirror = start({
      contacts = 40,
      companies = 15,
      deals = 30,
      notes = 30,
    }, { objects = { "contacts", "companies", "deals", "notes" } })
    local client = mirror.client
    local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL" }).listId
    local ids = mirror:ids "contacts"
    assert(client.lists:add(list, { ids = { ids[1], ids[2] } }))
    assert(client.deals:create { dealname = "Nobody's", dealstage = "appointmentscheduled" })
    mirror:run()
    assert(client.lists:remove(list, { ids = { ids[1] } }))
    assert(client.contacts:merge(ids[3], ids[4]))
    -- PostgreSQL reads no JSON that has these.
    assert(client.contacts:update(ids[2], { city = "a\0\237\160\189" }))
    mirror:settle()
    local ask = address:find "^sqlite" and sqlite3 or psql
    local blocks = document.blocks(GUIDE, "sql")
    assert.equal(6, #blocks)
    for _, block in ipairs(blocks) do
      local result = script.with_file(block.source, function(path) return ask(address, path) end)
      local name = ("%s:%d"):format(GUIDE, block.line)
      assert.same({ 0, "" }, { result.code, result.err }, name)
      assert.truthy(result.out:find "%w", name)
    end
  end)
end)
