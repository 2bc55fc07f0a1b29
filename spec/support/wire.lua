-- Clients of a sandbox server, and what they sent it, as it was on the wire.

local hubspot = require "hubspot"

local wire = {}

wire.TOKEN = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11"

--- A client of a server: without a limiter, and with retries that do not wait. `options` come on top.
function wire.client(server, options)
  local all = {
    token = wire.TOKEN,
    base_url = server.url,
    limiter = false,
    retry = { base_delay = 0.001, max_delay = 0.01 },
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return hubspot.new(all)
end

-- The parameters in the order of their names, since that of the declaration means nothing. Those of one name keep
-- theirs.
local function sorted_query(query)
  local pairs_of_query = {}
  for pair in query:gmatch "[^&]+" do
    pairs_of_query[#pairs_of_query + 1] = { name = pair:match "^[^=]*", text = pair, place = #pairs_of_query }
  end
  table.sort(pairs_of_query, function(a, b)
    if a.name ~= b.name then return a.name < b.name end
    return a.place < b.place
  end)
  local texts = {}
  for index, pair in ipairs(pairs_of_query) do
    texts[index] = pair.text
  end
  return table.concat(texts, "&")
end

local function line_of(request)
  local query = request.query and request.query ~= "" and "?" .. sorted_query(request.query) or ""
  local body = request.body and request.body ~= "" and " " .. request.body or ""
  return request.method .. " " .. request.path .. query .. body
end

--- The requests that a server got since the last look, oldest first, each as `METHOD /path?query body`.
function wire.take(server)
  local lines = {}
  for index, request in ipairs(server:requests()) do
    lines[index] = line_of(request)
  end
  server:clear_requests()
  return lines
end

--- The same, in the order of their texts: for requests that are in flight at once.
function wire.take_sorted(server)
  local lines = wire.take(server)
  table.sort(lines)
  return lines
end

--- The ids of records.
function wire.ids(records)
  local ids = {}
  for index, record in ipairs(records) do
    ids[index] = record.id or record.listId
  end
  return ids
end

--- A list from its end to its beginning.
function wire.reversed(list)
  local backwards = {}
  for index = #list, 1, -1 do
    backwards[#backwards + 1] = list[index]
  end
  return backwards
end

--- All items of an iterator.
function wire.collect(iterator)
  local items = {}
  for item in iterator do
    items[#items + 1] = item
  end
  return items
end

return wire
