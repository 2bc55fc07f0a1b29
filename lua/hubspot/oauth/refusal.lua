-- Refusals of an app, or of the credential of its user, by HubSpot's OAuth API.

local CHECK_APP = "Check client_id and client_secret: they are on the page of the app, in the developer account or "
  .. "project that it belongs to"

local REFUSALS_OF_A_GRANT = { invalid_grant = true, BAD_REFRESH_TOKEN = true, BAD_AUTH_CODE = true }

--- Makes an error say what was refused. HubSpot's answers may quote tokens: none of their body stays.
-- @tparam table err
-- @tparam[opt] string about_grant what to do where the credential of the user was refused
-- @treturn table `err`
return function(err, about_grant)
  err.body = nil
  if err.status ~= 400 and err.status ~= 401 and err.status ~= 403 then return err end
  err.kind = "auth"
  err.hint = REFUSALS_OF_A_GRANT[err.category] and about_grant or CHECK_APP
  return err
end
