--- Hides the credentials in what the sandbox shows of a request: somebody may have sent real ones by mistake.
local hidden = {}

local HIDDEN = "[hidden]"

local HEADERS = { authorization = true, cookie = true, ["proxy-authorization"] = true, ["set-cookie"] = true }

-- In queries, forms, and the JSON of routes of OAuth.
local FIELDS = {
  hapikey = true,
  client_secret = true,
  refresh_token = true,
  access_token = true,
  token = true,
  tokenKey = true,
  code = true,
}

--- A copy of headers: of a credential its scheme stays.
function hidden.headers(headers)
  local shown = {}
  for name, value in pairs(headers) do
    shown[name] = HEADERS[name] and (value:match "^(%S+)%s" or ""):gsub("^(.+)$", "%1 ") .. HIDDEN or value
  end
  return shown
end

local function hide_pair(pair)
  local name = pair:match "^([^=]*)=."
  return name and FIELDS[name] and name .. "=" .. HIDDEN or nil
end

--- A query without its keys.
function hidden.query(text) return (text:gsub("[^&]+", hide_pair)) end

--- A path without the token that is the last part of some.
function hidden.path(path) return (path:gsub("^(/oauth/v1/%l+%-tokens/).+", "%1" .. HIDDEN)) end

local function hide_member(quoted, colon, value)
  local name = quoted:match '^"(.*)"$'
  if FIELDS[name] and value ~= "" then return quoted .. colon .. '"' .. HIDDEN .. '"' end
  return nil
end

--- A body of a request to this path, or of its answer.
function hidden.body(path, text)
  if not text or not path:find "^/oauth/" then return text end
  if text:find "^%s*{" then return (text:gsub('("[%w_]+")(%s*:%s*)"([^"]*)"', hide_member)) end
  return hidden.query(text)
end

return hidden
