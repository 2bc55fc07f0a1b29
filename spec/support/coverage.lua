-- Notes which operations the specs call, on which route, over a real socket, with what HubSpot answered: a line each in
-- the file that COVERAGE names. Loaded by busted before the specs.

local file_name = os.getenv "COVERAGE"
if not file_name then return end

local client = require "hubspot.client"
-- Specs set a constant of it: the instance that the client holds has to be theirs.
require "hubspot.paging.search_filters"
local make = client.new

local function note(event)
  if not event.operation or not event.status then return end
  local file = assert(io.open(file_name, "a"))
  file:write(("%s %s %s %s %d\n"):format(event.operation, event.route, event.method, event.path, event.status))
  file:close()
end

function client.new(options)
  local made, message = make(options)
  if not made or options.transport then return made, message end
  local hooks = made.hooks
  made.hooks = setmetatable({
    response = function(event)
      note(event)
      if hooks.response then hooks.response(event) end
    end,
  }, { __index = hooks })
  return made
end
