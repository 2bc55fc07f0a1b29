-- A mirror that is killed at any moment, and run again, ends as one that was left alone.

local background = require "spec.support.background"
local command = require "spec.support.command"
local database = require "hubspot.mirror.database"
local killed_mirror = require "spec.support.killed_mirror"
local sandbox = require "spec.support.sandbox"
local support = require "spec.support.mirror"
local wire = require "spec.support.wire"

-- More of them are `make bench-mirror`'s.
local KILLS = tonumber(os.getenv "MIRROR_KILLS") or 3

local TABLES = {
  "contacts",
  "associations",
  "merges",
  "list_members",
  "lists",
  "owners",
  "stages",
  "property_options",
}

-- Times of the mirror's own, and the place in a log, are no part of what was copied.
local OWN = { read_at = true, seen_at = true, gone_at = true }

local function dump(one)
  local opened, lines = database.open(one.address, { schema = one.schema }), {}
  for _, name in ipairs(TABLES) do
    for _, row in ipairs(opened:query(("SELECT * FROM %s"):format(name))) do
      local words = { name }
      for column, value in pairs(row) do
        if not OWN[column] then words[#words + 1] = column .. "=" .. tostring(value) end
      end
      table.sort(words)
      lines[#lines + 1] = table.concat(words, " ")
    end
  end
  opened:close()
  table.sort(lines)
  return lines
end

support.on_each(function(_, address_of)
  local server, client

  setup(function()
    server = sandbox.start()
    server:reset { contacts = 1200, companies = 40 }
    client = wire.client(server)
  end)

  teardown(function()
    client:close()
    server:stop()
  end)

  -- Changes that a window and an archived list tell of.
  local function change()
    local ids, rows = {}, {}
    for contact in client.contacts:all { max = 400 } do
      ids[#ids + 1] = contact.id
    end
    for index = 1, 300 do
      rows[index] = { id = ids[index], properties = { city = ("City %d"):format(math.random(1000)) } }
    end
    assert(client.contacts:update_many(rows))
    assert(client.contacts:delete_many { ids[301], ids[302], ids[303] })
    assert(client.contacts:merge(ids[310], ids[311]))
    server:advance(60)
  end

  local OBJECTS = { "--objects", "contacts,companies", "-q" }

  -- Runs the mirror that is killed, and the one that is left alone meanwhile.
  local function run_both(killed, undisturbed, extra)
    local more = { "--parallel", "4", "--max-deletes", "50%" }
    for _, list in ipairs { OBJECTS, extra } do
      for _, word in ipairs(list) do
        more[#more + 1] = word
      end
    end
    local function options_of(one)
      return {
        server = server,
        address = one.address,
        schema = one.schema,
        kills = KILLS,
        random = math.random,
        seconds = 0.5,
        more = more,
      }
    end
    local alone = background.start(killed_mirror.invocation(options_of(undisturbed)))
    local count = killed_mirror.run(options_of(killed))
    assert.equal(0, alone:finish())
    return count
  end

  it("equals an undisturbed one, after its first copy, windows and a sweep", function()
    local seed = tonumber(os.getenv "SEED") or os.time()
    math.randomseed(seed)
    local address, file = address_of(), support.sqlite_file()
    local killed = { address = address, schema = "crm" }
    local undisturbed = address:find "^sqlite" and { address = file.address } or { address = address }
    undisturbed.schema = "quiet"
    local count = run_both(killed, undisturbed, {})
    change()
    count = count + run_both(killed, undisturbed, {})
    count = count + run_both(killed, undisturbed, { "--sweep", "now" })
    assert.is_true(count > 0, "no run was killed")
    assert.same(dump(undisturbed), dump(killed), "SEED " .. seed)
    local opened = database.open(address, { schema = "crm" })
    assert.equal(0, #opened:query "SELECT id FROM contacts GROUP BY id HAVING count(*) > 1")
    if address:find "^sqlite" then assert.equal("ok", opened:query("PRAGMA integrity_check")[1].integrity_check) end
    opened:close()
    local verified = command.run {
      "mirror",
      "verify",
      "--db",
      address,
      "--schema",
      "crm",
      OBJECTS[1],
      OBJECTS[2],
      env = command.against(server),
    }
    assert.equal(0, verified.status, verified.stdout .. verified.stderr)
    file.remove()
  end)
end)
