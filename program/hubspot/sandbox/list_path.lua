--- The ids of lists and records as paths and bodies hold them.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local list_path = {}

--- An id as the date versions write it.
function list_path.id_text(id) return string.format("%d", id) end

--- The number that a text of digits holds, else nil.
function list_path.number(text) return text:match "^%d+$" and tonumber(text) end

--- Ends a request for a list that there is none of.
function list_path.fail_unknown(id)
  reply.fail(404, "List does not exist with ID " .. id .. ".", {
    category = "OBJECT_NOT_FOUND",
    subCategory = "ListError.LIST_NOT_FOUND",
    context = { listId = core.array { id } },
  })
end

--- The list that a parameter of the path names (default `listId`). Answers 404 where there is none.
function list_path.list(portal, req, name)
  name = name or "listId"
  request.path_integer(req, name)
  local list = portal.lists:get(list_path.number(req.params[name]))
  if not list then list_path.fail_unknown(req.params[name]) end
  return list
end

return list_path
