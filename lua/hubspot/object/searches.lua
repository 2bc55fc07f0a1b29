-- Searches: HubSpot finds at most 10,000 records in one, so these take several.

local check = require "hubspot.check"
local filters = require "hubspot.shape.filters"
local merge = require "hubspot.merge"
local option_set = require("hubspot.object.options").set
local shape = require "hubspot.shape.object"

local FILTER_GROUPS = { "filterGroups", from = "filter_groups", encode = filters.groups }
local TEXT = { "query", from = "query", encode = filters.search_text }

local function search_route(api, fields)
  return merge {
    {
      method = "POST",
      path = api.base .. "/search",
      read_by_id = api.by_id,
      idempotent = true,
      answer = shape.records,
      items = "results",
      page_size = 200,
      complete = api.complete,
      documentation = api.documentation,
    },
    fields,
  }
end

local function newest_first(api, summary, property)
  return {
    summary = summary:format(api.kind.records),
    options = option_set { "properties", "list_memberships", "since" },
    returns = { iterator = api.kind.record },
    current = search_route(api, {
      body = shape.newest_first_body(property),
      options = { "list_memberships", "since" },
      paging = "search_newest_first",
      newest_by = property,
    }),
  }
end

local function search(api)
  return {
    summary = ("Iterates over the %s that match a text, by id unless `sort` says otherwise. It gives all of them; in "):format(
      api.kind.records
    )
      .. "an order of one's own, and with 6 filters in a group or 18 in all, HubSpot gives the first 10,000, and then it "
      .. "ends with an error.",
    arguments = {
      {
        name = "query",
        type = check.text,
        description = "in the properties that HubSpot searches; an empty text matches all",
      },
    },
    options = option_set { "properties", "list_memberships", "sort", "order", "filter_groups" },
    returns = { iterator = api.kind.record },
    current = search_route(api, {
      body = { TEXT, { "properties", from = "properties" }, FILTER_GROUPS },
      options = { "list_memberships", "sort", "order" },
      paging = "search_by_id",
    }),
  }
end

local function count(api)
  return {
    summary = ("Counts the %s that a search finds; all of them without options."):format(api.kind.records),
    options = option_set { "query", "filter_groups" },
    returns = { count = api.kind.record },
    current = {
      method = "POST",
      path = api.base .. "/search",
      body = { TEXT, FILTER_GROUPS, { "limit", value = 1 } },
      read = true,
      idempotent = true,
      answer = shape.total,
      documentation = api.documentation,
    },
  }
end

--- The declarations by the names of their methods.
-- @tparam table api as `hubspot.object` makes it
-- @treturn table
return function(api)
  return {
    search = search(api),
    recently_created = newest_first(api, "Iterates over %s, the latest created first.", api.kind.created),
    recently_updated = newest_first(api, "Iterates over %s, the latest updated or created first.", api.kind.changed),
    count = count(api),
  }
end
