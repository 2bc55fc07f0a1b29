-- A loop whose time stands still but for its sleeping, with a list of how long that was. For clients whose transport
-- is a function.

local fake_loop = {}

local methods = {}

local metatable = { __name = "spec.FakeLoop", __index = methods }

local waiter_methods = { wake = function() end }

local waiter_metatable = { __index = waiter_methods }

function waiter_methods:wait(seconds)
  self.loop:sleep(seconds)
  return false
end

function fake_loop.new() return setmetatable({ moment = 1000, slept = {} }, metatable) end

function methods:now() return self.moment end

function methods:sleep(seconds)
  self.slept[#self.slept + 1] = seconds
  self.moment = self.moment + seconds
end

--- Lets time pass, as a slow transport does.
function methods:pass(seconds) self.moment = self.moment + seconds end

function methods.can_wait() return true end

function methods:waiter() return setmetatable({ loop = self }, waiter_metatable) end

function methods.each(_, count, _, body)
  for index = 1, count do
    body(index)
  end
  return {}
end

local function unused() error "a transport that is a function needs no engine" end

for _, name in ipairs { "spawn", "start", "engine", "collect", "await" } do
  methods[name] = unused
end

function methods.close() end

return fake_loop
