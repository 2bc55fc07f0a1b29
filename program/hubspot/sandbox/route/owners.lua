--- `/crm/owners/{D}…`
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ = { "crm.objects.owners.read" }
local PAGE, LARGEST_PAGE = 100, 500

local function shown(owner)
  return {
    id = string.format("%d", owner.id),
    type = "PERSON",
    email = owner.email,
    firstName = owner.first_name,
    lastName = owner.last_name,
    userId = not owner.is_archived and owner.user_id or nil,
    userIdIncludingInactive = owner.user_id,
    createdAt = time.iso(owner.created),
    updatedAt = time.iso(owner.updated),
    archived = owner.is_archived,
  }
end

local function list(portal, req)
  local limit = request.integer(req, "limit") or PAGE
  if limit < 1 or limit > LARGEST_PAGE then reply.invalid("limit must be between 1 and " .. LARGEST_PAGE) end
  local after, results, last = request.integer(req, "after") or 0, {}, nil
  local owners = portal.owners:list(request.boolean(req, "archived") or false, request.text(req, "email"))
  for _, owner in ipairs(owners) do
    if owner.id > after then
      if #results == limit then
        last = results[limit].id
        break
      end
      results[#results + 1] = shown(owner)
    end
  end
  local body = { results = array(results) }
  if last then
    local link = "https://api.hubapi.com" .. req.path .. "?limit=" .. limit .. "&after=" .. last
    body.paging = { next = { after = last, link = link } }
  end
  return reply.json(200, body)
end

local KEYS = { id = "id", userId = "user_id" }

local function get(portal, req)
  local key = KEYS[request.text(req, "idProperty") or "id"]
  if not key then reply.invalid "idProperty must be id or userId" end
  local id = request.path_integer(req, "ownerId")
  local owner = portal.owners:get(key, id, request.boolean(req, "archived") or false)
  if not owner then reply.not_found() end
  return reply.json(200, shown(owner))
end

return {
  { method = "GET", path = "/crm/owners/{D}", handler = list, scopes = READ },
  { method = "GET", path = "/crm/owners/{D}/{ownerId}", handler = get, scopes = READ },
}
