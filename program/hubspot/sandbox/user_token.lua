--- The user tokens (32 hex digits) of contacts. Nothing is stored for them: the id is in them.
local user_token = {}

--- The user token of the contact with this id.
function user_token.of(id)
  return string.format(
    "%08x%08x%08x%08x",
    (id * 16807) % 2147483647,
    (id * 48271) % 2147483647,
    (id * 69621) % 2147483647,
    id
  )
end

--- The id in a user token, or nil where it is none; dashes as in a UUID are ignored.
function user_token.id(token)
  local digits = token:lower():gsub("-", "")
  local id = #digits == 32 and tonumber(digits:sub(25), 16)
  if not id or user_token.of(id) ~= digits then return nil end
  return id
end

return user_token
