-- Tells whether a request changes no record, whatever its method.

local READS =
  { "/search$", "/batch/read$", "/idmapping$", "/oauth/[^/]+/token$", "/introspect$", "/access%-token%-info$" }

return function(request)
  if request.method == "GET" then return true end
  local path = request.url:match "^[^?]*"
  for _, pattern in ipairs(READS) do
    if path:find(pattern) then return true end
  end
  return false
end
