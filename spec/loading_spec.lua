-- Modules that a program loads, and when: each in a process of its own.

local sandbox = require "spec.support.sandbox"

local HEAD = [[
  local hubspot = require "hubspot"
  local function new(options)
    options = options or {}
    options.token, options.base_url = options.token or "any-token", %q
    return hubspot.new(options)
  end
  local function is_mapped(library)
    for line in io.lines "/proc/self/maps" do
      if line:find(library, 1, true) then return true end
    end
    return false
  end
  local function is_loaded(name) return package.loaded["hubspot." .. name] ~= nil end
  local function resources()
    local names = {}
    for name in pairs(package.loaded) do names[#names + 1] = name:match "^hubspot%%.resource%%.(.*)" end
    table.sort(names)
    return table.concat(names, " ")
  end
]]

local server

setup(function() server = sandbox.start { contacts = 3 } end)
teardown(function() server:stop() end)

-- Returns the lines that the program prints until its end, which must be a success.
local function run(program)
  local script = os.tmpname()
  local file = assert(io.open(script, "w"))
  file:write(HEAD:format(server.url), program, '\nprint "the end"\n')
  file:close()
  local pipe = assert(io.popen(('%s %s 2>&1; echo "exit code $?"'):format(sandbox.interpreter(), script)))
  local lines = {}
  for line in pipe:lines() do
    lines[#lines + 1] = line
  end
  pipe:close()
  os.remove(script)
  assert.same({ "the end", "exit code 0" }, { lines[#lines - 1], lines[#lines] }, table.concat(lines, "\n"))
  lines[#lines], lines[#lines - 1] = nil, nil
  return lines
end

describe("a program that makes a client", function()
  it(
    "loads libcurl with its first request",
    function()
      assert.same(
        { "false\tfalse", "table", "true\ttrue" },
        run [[
      local client = new()
      print(is_loaded "engine", is_mapped "libcurl")
      print(type(client:request { method = "GET", path = "/crm/objects/2026-09/contacts" }))
      print(is_loaded "engine", is_mapped "libcurl")
    ]]
      )
    end
  )

  it("loads the resources that it uses", function()
    local of_contacts = "contact_api contact_arguments contact_extras contact_input contact_options contact_v1_routes "
      .. "contact_writes contacts"
    local of_both = of_contacts .. " list_changes list_ids list_members list_types lists time_window"
    of_contacts = of_contacts .. " time_window"
    assert.same(
      { "false\tfalse", "", of_contacts, "function\tfalse", of_both },
      run [[
      local client = new()
      print(is_loaded "operation", is_loaded "oauth")
      print(resources())
      client.contacts:get(1)
      print(resources())
      print(type(new().lists.all), (pcall(function() return new().lists.none end)))
      print(resources())
    ]]
    )
  end)

  it(
    "loads the table of types with the first resource that needs it",
    function()
      assert.same(
        { "false", "function\tfalse", "function\ttrue" },
        run [[
      local client = new()
      print(is_loaded "object.types")
      print(type(client.campaigns.all), is_loaded "object.types")
      print(type(client.companies.all), is_loaded "object.types")
    ]]
      )
    end
  )

  it(
    "can load what is loaded late inside of coroutines",
    function()
      assert.same(
        { "3", "true" },
        run [[
      local client = new()
      print(coroutine.wrap(function()
        local count = 0
        for _ in client.contacts:all() do count = count + 1 end
        return count
      end)())
      print(is_loaded "engine")
    ]]
      )
    end
  )

  it(
    "closes it without loading what it did not need",
    function()
      assert.same(
        { "nil\tcancelled", "false" },
        run [[
      local client = new()
      client:close()
      local contact, err = client.contacts:get(1)
      print(contact, err.kind)
      print(is_loaded "engine")
    ]]
      )
    end
  )

  it(
    "can't send over a loop that was closed before it was used",
    function()
      assert.same(
        { "nil\tcancelled" },
        run [[
      local loop = require("hubspot.loop.plain").new()
      loop:close()
      local contact, err = new({ loop = loop, retry = false }).contacts:get(1)
      print(contact, err.kind)
    ]]
      )
    end
  )

  it(
    "waits without a request",
    function()
      assert.same(
        { "true" },
        run [[
      local client = new()
      local before = client.loop:now()
      client.loop:sleep(0.01)
      print(client.loop:now() - before >= 0.01)
    ]]
      )
    end
  )

  -- On Lua 5.1 it is a userdata's.
  it(
    "may close it in a finalizer that is older than the engine",
    function()
      assert.same(
        {},
        run [[
      local client = new()
      local function close() client:close() end
      if newproxy then
        guard = newproxy(true)
        getmetatable(guard).__gc = close
      else
        guard = setmetatable({}, { __gc = close })
      end
      client.contacts:get(1)
    ]]
      )
    end
  )

  it(
    "has libcurl at once where a frame would be late otherwise",
    function()
      assert.same(
        { "true" },
        run [[
      require("hubspot.loop.frame").new()
      print(is_loaded "engine")
    ]]
      )
    end
  )
end)
