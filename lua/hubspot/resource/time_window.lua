-- Options that are a time from one moment to another.

local time_window = {}

--- Gives a message where `from` is after `to`.
-- @tparam table values
-- @treturn ?string
function time_window.complaint(values)
  if values.from and values.to and values.from > values.to then return "option from must not be after option to" end
end

return time_window
