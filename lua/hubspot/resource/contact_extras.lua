-- Extras of contacts beside other types: on their operations, a number, a v1 form, and options of that.

local merge = require "hubspot.merge"

local PAGES = "api-reference/latest/crm/objects/contacts/"

local contact_extras = {}

--- HubSpot's page about a call.
function contact_extras.documentation(page) return PAGES .. page end

--- Operations with what there is besides: fields of theirs, options on top, and the page of the current route.
-- @tparam table operations by name
-- @tparam table extras by name
-- @treturn table
function contact_extras.extend(operations, extras)
  local extended = merge { operations }
  for name, extra in pairs(extras) do
    local declared = operations[name] or {}
    local whole = merge { declared, extra }
    whole.options = merge { declared.options or {}, extra.options or {} }
    whole.documentation = nil
    if whole.current and extra.documentation then
      whole.current = merge { whole.current, { documentation = extra.documentation } }
    end
    extended[name] = whole
  end
  return extended
end

return contact_extras
