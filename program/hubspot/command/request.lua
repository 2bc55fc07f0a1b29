--- The subcommand `request`: any request, with the token, the rate limit and the retries of the library.

local circle = require "hubspot.paging.circle"
local core = require "hubspot.core"
local fail = require "hubspot.command.fail"
local lines = require "hubspot.command.lines"
local request_fields = require "hubspot.command.request_fields"

local READS = { GET = true, HEAD = true }
-- Those whose answers may be pages: listings, and searches.
local LISTS = { GET = true, POST = true }
-- Sending them again does nothing twice.
local REPEATABLE = { GET = true, HEAD = true, PUT = true, DELETE = true }

local function read_method(text)
  local method = text:upper()
  if not method:find "^%u+$" then return nil, ("must be GET, POST, PUT, PATCH, DELETE or HEAD, got %s"):format(text) end
  return method
end

local function unescape(text)
  return (text:gsub("%+", " "):gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function add(query, name, value)
  query[name] = query[name] or {}
  table.insert(query[name], value)
end

-- The path, and the parameters that a copied one may have after it.
local function split_path(text)
  if text:find "^https?://" then
    fail.usage "PATH begins with a slash: the host is that of --base-url, so that the token goes nowhere else"
  end
  local path, parameters = text:match "^/?([^?#]*)%??([^#]*)"
  if path == "" then fail.usage "PATH is empty: it must look like /crm/v3/owners" end
  local query = {}
  for parameter in parameters:gmatch "[^&]+" do
    local name, value = parameter:match "^([^=]*)=?(.*)$"
    add(query, unescape(name), unescape(value))
  end
  return "/" .. path, query
end

local function read_all(path)
  if path == "-" then return io.stdin:read "*a" or "" end
  local file, problem = io.open(path, "rb")
  if not file then fail.file("--input: " .. problem) end
  local text, read_problem = file:read "*a"
  file:close()
  return text or fail.file(("--input: %s: %s"):format(path, read_problem))
end

local function read_body(options)
  local body = request_fields.body(options.field, options.json_field)
  if not options.input then return body end
  if body then fail.usage "--input and the fields exclude each other" end
  local text = lines.without_bom(read_all(options.input))
  local value, problem = core.decode(text, true)
  if value == nil then fail.usage(("--input: it is not JSON: %s"):format(problem)) end
  local inexact = request_fields.inexact_integer(text)
  if inexact then fail.usage(("--input: %s can't be sent exactly: put it in quotes"):format(inexact)) end
  return value
end

local function build(context)
  local options, method = context.options, context.arguments.method
  if options.paginate and not LISTS[method] then
    fail.usage(("--paginate is for GET and POST, not for %s"):format(method))
  end
  local path, query = split_path(context.arguments.path)
  for _, field in ipairs(options.query) do
    add(query, field.key, field.value)
  end
  local body = read_body(options)
  if body ~= nil and READS[method] then fail.usage(("%s has no body: -q adds to the query"):format(method)) end
  return { method = method, path = path, query = query, body = body, undecoded = true }
end

local function sorted_names(headers)
  local names = {}
  for name in pairs(headers) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function show(context, answer)
  if context.options.include then
    context.output:write(("HTTP %d\n"):format(answer.status))
    for _, name in ipairs(sorted_names(answer.headers)) do
      context.output:write(("%s: %s\n"):format(name, tostring(answer.headers[name])))
    end
    context.output:write "\n"
  end
  if answer.body ~= "" then context.output:write(answer.body .. (answer.body:find "\n$" and "" or "\n")) end
end

local NO_JSON = "HubSpot's answer is not JSON, so it leads to no next page. Run the same again later"
local OTHER_PAGES = "HubSpot has more, and tells it as its older APIs do: --paginate can't read on. Name the next page "
  .. "by -q, from what the answer has beside %s"
local ROUND = "HubSpot gave a cursor that it had given before, so the pages would go round. Run the same again later"

-- The field by which an answer of an older API tells that there is more, or nil.
local function field_of_more(decoded)
  for _, name in ipairs { "hasMore", "has-more" } do
    if decoded[name] == true then return name end
  end
end

-- Returns the cursor of the next page, nil where there is none; and the field by which an answer tells of one without a
-- cursor. Fails where an answer is no page, or leads back.
local function next_page(answer, cursors)
  if answer.body == "" then return nil end
  local decoded = core.decode(answer.body)
  if decoded == nil then fail.temporary(NO_JSON) end
  if type(decoded) ~= "table" then return nil end
  local following = type(decoded.paging) == "table" and decoded.paging.next
  local after = type(following) == "table" and following.after or nil
  if after == nil then return nil, field_of_more(decoded) end
  if cursors:leads_back(after) then fail.temporary(ROUND) end
  cursors:note(after)
  return after
end

-- Makes a request one for the page after.
local function turn_page(request, after)
  if READS[request.method] then
    request.query.after = { after }
  else
    request.body = request.body or {}
    request.body.after = after
  end
end

-- A write that may have been carried out is no temporary failure: whoever repeats those may do it twice.
local function give_up(request, err)
  if err.ambiguous and not REPEATABLE[request.method] then fail.failed(fail.describe(err)) end
  fail.hubspot(err)
end

local function run(context)
  local client, request = context:client(), build(context)
  local pages, cursors = 0, circle.new()
  context.progress:begin { title = "pages" }
  while true do
    local answer, err = client:request(request)
    if not answer then give_up(request, err) end
    local after, field
    if context.options.paginate then
      after, field = next_page(answer, cursors)
    end
    pages = pages + 1
    context.progress:advance(1)
    show(context, answer)
    context:summarize { pages = pages }
    if field then fail.failed(OTHER_PAGES:format(field)) end
    if not after then break end
    turn_page(request, after)
  end
end

return {
  name = "request",
  summary = "Sends any request, and prints HubSpot's answer as it is. What writes is sent, too.",
  arguments = {
    { name = "method", takes = "METHOD", read = read_method, about = "GET, POST, PUT, PATCH, DELETE or HEAD" },
    { name = "path", takes = "PATH", about = "such as /crm/v3/owners, with or without a query" },
  },
  options = {
    {
      name = "query",
      short = "-q",
      takes = "K=V",
      each = true,
      read = request_fields.read,
      about = "add to the query",
    },
    {
      name = "field",
      short = "-f",
      takes = "K=V",
      each = true,
      read = request_fields.read,
      about = "add a text to the body; K may be a[b] or a[]",
    },
    {
      name = "json_field",
      short = "-F",
      takes = "K=JSON",
      each = true,
      read = request_fields.read_json,
      about = "add a number, true, null, a list, an object",
    },
    { name = "input", takes = "FILE", file = "read", about = "take the body, JSON, from FILE; - is stdin" },
    { name = "paginate", about = "read on to the last page; each is printed" },
    { name = "include", short = "-i", about = "print status and headers before the body" },
  },
  examples = {
    { "hubspot-lua request GET /crm/v3/owners -q limit=100 --paginate", "all owners" },
    { "hubspot-lua request POST /crm/v3/objects/deals -f 'properties[dealname]=A'", "a body of fields" },
  },
  run = run,
}
