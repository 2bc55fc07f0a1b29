-- A client's memory must not grow with what it reads. Measured on processes of their own, by the peak that the kernel
-- saw.

local sandbox = require "spec.support.sandbox"

local PEAK_KB = 24 * 1024
-- Between two runs of one and the same program the allocator's luck differs by less than this.
local NOISE_KB = 2 * 1024

local interpreter = os.getenv "LUA" or "lua5.4"

local function run(program, ...)
  local arguments = { ... }
  for index, argument in ipairs(arguments) do
    arguments[index] = ("'%s'"):format(argument)
  end
  local file = assert(os.tmpname())
  local script = assert(io.open(file, "w"))
  script:write(program)
  script:close()
  local process = assert(io.popen(("%s %s %s 2>&1"):format(interpreter, file, table.concat(arguments, " "))))
  local output = process:read "*a"
  process:close()
  os.remove(file)
  local count, peak = output:match "count (%d+) peak (%d+)"
  assert.is_truthy(count, output)
  return tonumber(count), tonumber(peak)
end

local READ = [[
local hubspot = require "hubspot"
local client = hubspot.new { token = "any", base_url = arg[1], limiter = false }
local options = { properties = { "email", "firstname", "lastname", "company", "phone" } }
local iterator
if arg[2] == "all" then
  options.max = tonumber(arg[3])
  iterator = client.contacts:all(options)
else
  iterator = client.lists:contacts(arg[3], options)
end
local count, last = 0, 0
for contact in iterator do
  local id = tonumber(contact.id)
  assert(id > last, "ids must rise, each once")
  count, last = count + 1, id
end
local status = io.open("/proc/self/status"):read "*a"
print(("count %d peak %d"):format(count, tonumber(status:match "VmHWM:%s*(%d+)")))
]]

local function list_of(server, count)
  local hubspot = require "hubspot"
  local client = hubspot.new { token = "any", base_url = server.url, limiter = false }
  local list = assert(client.lists:create { name = ("%d members"):format(count) })
  local ids = {}
  for contact in client.contacts:all { max = count } do
    ids[#ids + 1] = contact.id
  end
  assert.equal(count, #assert(client.lists:add(list.listId, { ids = ids })).added)
  client:close()
  return list.listId
end

describe("peak memory", function()
  local server

  setup(function() server = sandbox.start { contacts = 100000 } end)
  teardown(function() server:stop() end)

  it("is small and the same for 10,000 and 100,000 contacts, each of which comes once and in order", function()
    local few, few_peak = run(READ, server.url, "all", "10000")
    local many, many_peak = run(READ, server.url, "all", "1000000")
    assert.equal(10000, few)
    assert.equal(100000, many)
    assert.is_true(many_peak <= PEAK_KB, many_peak .. " kB")
    assert.is_true(many_peak - few_peak <= NOISE_KB, ("%d and %d kB"):format(few_peak, many_peak))
    print(("contacts:all peak: %d kB for 10,000, %d kB for 100,000"):format(few_peak, many_peak))
  end)

  it("is small and the same for lists of 6,000 and 24,000 contacts", function()
    local few, few_peak = run(READ, server.url, "list", list_of(server, 6000))
    local many, many_peak = run(READ, server.url, "list", list_of(server, 24000))
    assert.equal(6000, few)
    assert.equal(24000, many)
    assert.is_true(many_peak <= PEAK_KB, many_peak .. " kB")
    assert.is_true(many_peak - few_peak <= NOISE_KB, ("%d and %d kB"):format(few_peak, many_peak))
    print(("lists:contacts peak: %d kB for 6,000, %d kB for 24,000"):format(few_peak, many_peak))
  end)
end)
