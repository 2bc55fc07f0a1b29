-- A mirror that runs again and again, while its database is away.

local background = require "spec.support.background"
local command = require "spec.support.command"
local database = require "hubspot.mirror.database"
local postgresql = require "spec.support.postgresql"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"
local socket = require "socket"

local DONE = "SELECT count(*) AS n FROM mirror_runs WHERE outcome = 'done'"

local END_OTHERS = [[
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend']]

describe("a mirror with --every", function()
  local portal, server, admin

  setup(function()
    portal, server = sandbox.start(), postgresql.start()
    portal:reset { contacts = 3 }
    admin = database.open(server.address, { schema = "crm" })
  end)

  teardown(function()
    admin:close()
    server:stop()
    portal:stop()
  end)

  local function wait_for_runs(count)
    for _ = 1, 400 do
      if next(admin.dialect.columns(admin, "mirror_runs")) and tonumber(admin:query(DONE)[1].n) >= count then
        return true
      end
      socket.sleep(0.05)
    end
    return false
  end

  local function runs() return tonumber(admin:query(DONE)[1].n) end

  it("continues where the database was away after a run", function()
    script.with_file("", function(notes)
      local process = background.start {
        "mirror",
        "--db",
        server.address,
        "--schema",
        "crm",
        "--objects",
        "contacts",
        "--every",
        "1s",
        env = command.against(portal),
        stderr = notes,
      }
      assert.is_true(wait_for_runs(1))
      admin:query(END_OTHERS)
      assert.is_true(wait_for_runs(runs() + 2))
      assert.equal("1", admin:query("SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'")[1].n)
      process:signal "TERM"
      process:finish()
      local text = script.read_file(notes)
      assert.truthy(text:find "terminating connection.*the next run is in 1 s", text)
    end)
  end)

  it("ends where the database can't be opened at first", function()
    local result = command.run {
      "mirror",
      "--db",
      "sqlite:/nonexistent/folder/x.db",
      "--every",
      "1s",
      env = command.against(portal),
    }
    assert.equal(7, result.status)
  end)
end)
