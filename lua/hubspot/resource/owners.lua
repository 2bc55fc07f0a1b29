-- Owners: the people that records may belong to.

local check = require "hubspot.check"
local id = require "hubspot.id"
local must = require "hubspot.shape.must"

local GUIDE = "api-reference/latest/crm/owners/guide"

local function owner(answer)
  answer.id = must.id(answer.id, "an owner's id")
  answer.userIdIncludingInactive = id.text(answer.userIdIncludingInactive)
  return id.in_record(answer)
end

local archived = { type = check.boolean, description = "true reads deactivated ones, and no others" }

local function get(query)
  return {
    method = "GET",
    path = "/crm/owners/{api_version}/{id}",
    query = query,
    idempotent = true,
    answer = owner,
    documentation = GUIDE,
  }
end

return {
  all = {
    summary = "Iterates over the owners.",
    options = {
      archived = archived,
      email = { type = check.email, description = "only the one with this address" },
    },
    returns = { iterator = "owner" },
    current = {
      method = "GET",
      path = "/crm/owners/{api_version}",
      query = { { "archived", from = "archived" }, { "email", from = "email" } },
      idempotent = true,
      answer = function(answer)
        local list = must.table(answer.results, "the owners")
        for _, one in ipairs(list) do
          owner(one)
        end
        return list
      end,
      items = "results",
      paging = "after",
      page_size = 100,
      documentation = GUIDE,
    },
  },

  get = {
    summary = "Reads an owner by id, which `hubspot_owner_id` of records holds.",
    arguments = { { name = "id", type = check.id, description = "id of the owner" } },
    options = { archived = archived },
    returns = { record = "owner" },
    current = get { { "archived", from = "archived" } },
  },

  get_by_user_id = {
    summary = "Reads an owner by the id of the user.",
    arguments = { { name = "id", type = check.id, description = "id of the user" } },
    options = { archived = archived },
    returns = { record = "owner" },
    current = get { { "idProperty", value = "userId" }, { "archived", from = "archived" } },
  },
}
