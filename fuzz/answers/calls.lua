-- A call of each operation, for the fuzzer of answers: on a portal that `portal.lua` filled, all of them succeed.
--
-- `calls["contacts:get"]` is a function(client, place, options), or a list of such functions: `place` holds what is in
-- the portal, and `options` go into the call, where it has some.

local calls = {}

local KIND = { v1 = "v1", ["2026-09"] = "current", ["2026-03"] = "current" }

local function with(options, more)
  local all = {}
  for _, source in ipairs { options or {}, more } do
    for name, value in pairs(source) do
      all[name] = value
    end
  end
  return all
end

-- All items of an iterator, or nil and an error.
local function collect(iterator)
  local items = {}
  local item, err = iterator:next()
  while item do
    items[#items + 1] = item
    item, err = iterator:next()
  end
  if err then return nil, err end
  iterator:cursor()
  return items
end

-- The same by a `for` over its pages, resumed in their middle.
local function collect_pages(make)
  local iterator = make()
  local item, err = iterator:next()
  if not item then return {}, err end
  local items = { item }
  for page in make(iterator:cursor()):pages() do
    for _, one in ipairs(page) do
      items[#items + 1] = one
    end
  end
  return items
end

-- An iterator, read in both ways. `make` is a function(client, place, options).
local function pages(make)
  return {
    function(client, place, options) return collect(make(client, place, options)) end,
    function(client, place, options)
      return collect_pages(
        function(cursor)
          return make(client, place, with(options, { cursor = cursor, page_size = not options.raw and 3 or nil }))
        end
      )
    end,
  }
end

-- Contacts ---------------------------------------------------------------------------------------------------------

local HISTORY = { properties = { "email", "firstname" }, with_history = true, list_memberships = true }

-- More names than a request can hold.
local MANY = { properties = {} }
for index = 1, 900 do
  MANY.properties[index] = ("a_property_with_a_name_%d"):format(index)
end

calls["contacts:get"] = {
  function(client, place, options) return client.contacts:get(place.ids[1], options) end,
  function(client, place, options) return client.contacts:get(place.ids[1], with(options, HISTORY)) end,
  function(client, place, options)
    return client.contacts:get(place.ids[1], with(options, { coalesce = not options.raw or nil }))
  end,
  function(client, place, options) return client.contacts:get(place.ids[1], with(not options.raw and MANY or {}, {})) end,
}
calls["contacts:get_by_email"] = {
  function(client, place, options) return client.contacts:get_by_email(place.emails[1], options) end,
  function(client, place, options)
    return client.contacts:get_by_email(place.emails[1], with(options, { coalesce = not options.raw or nil }))
  end,
}
calls["contacts:get_by_utk"] = function(client, place, options) return client.contacts:get_by_utk(place.utk, options) end
calls["contacts:get_many"] = {
  function(client, place, options) return client.contacts:get_many(place.ids, options) end,
  function(client, place, options) return client.contacts:get_many({ place.merged_id }, with(options, HISTORY)) end,
  function(client, place, options) return client.contacts:get_many(place.ids, not options.raw and MANY or options) end,
}
calls["contacts:get_many_by_email"] = function(client, place, options)
  return client.contacts:get_many_by_email(place.emails, options)
end
calls["contacts:get_many_by_utk"] = function(client, place, options)
  return client.contacts:get_many_by_utk({ place.utk }, options)
end
calls["contacts:lifecycle_stages"] = function(client, _, options)
  return client.contacts:lifecycle_stages(with(options, { from = 1700000000000, to = 1750000000000 }))
end
calls["contacts:create"] = function(client, _, options)
  return client.contacts:create({ email = "created@example.org" }, options)
end
calls["contacts:update"] = function(client, place, options)
  return client.contacts:update(place.ids[1], { firstname = "Ada" }, options)
end
calls["contacts:update_by_email"] = function(client, place, options)
  return client.contacts:update_by_email(place.emails[1], { firstname = "Ada" }, options)
end
calls["contacts:upsert"] = function(client, _, options)
  return client.contacts:upsert("upserted@example.org", { firstname = "Ada" }, options)
end
calls["contacts:upsert_many"] = function(client, place)
  return client.contacts:upsert_many {
    { email = "one@example.org", properties = { firstname = "One" } },
    { email = "two@example.org", properties = { firstname = "Two" } },
    { email = "no address", properties = { firstname = "Three" } },
    { id = place.ids[2], properties = { firstname = "Four" } },
  }
end
calls["contacts:delete"] = function(client, place, options) return client.contacts:delete(place.ids[1], options) end
calls["contacts:merge"] = function(client, place, options)
  return client.contacts:merge(place.ids[1], place.ids[2], options)
end
calls["contacts:all"] = pages(
  function(client, _, options) return client.contacts:all(with(options, { list_memberships = not options.raw or nil })) end
)
calls["contacts:all"][3] = function(client, _, options)
  return collect(client.contacts:all { parallel = 2, page_size = 3, ordered = options.raw })
end
calls["contacts:recently_created"] = pages(
  function(client, _, options) return client.contacts:recently_created(options) end
)
calls["contacts:recently_updated"] = pages(
  function(client, _, options) return client.contacts:recently_updated(with(options, { since = 1700000000000 })) end
)
calls["contacts:search"] = pages(function(client, _, options) return client.contacts:search("", options) end)
calls["contacts:search"][3] = function(client, _, options)
  return collect(client.contacts:search("", with(options, { sort = "email", order = "desc", page_size = 3 })))
end

calls["properties:get"] = function(client, _, options) return client.properties:get("email", options) end

-- Lists ------------------------------------------------------------------------------------------------------------

local function list_of(client, place) return place.lists[KIND[client.api_version]] end

calls["lists:get"] = {
  function(client, place, options) return client.lists:get(list_of(client, place), options) end,
  function(client, place, options) return client.lists:get({ legacy = place.lists.v1 }, options) end,
}
calls["lists:get_many"] = {
  function(client, place, options) return client.lists:get_many({ list_of(client, place) }, options) end,
  function(client, place, options) return client.lists:get_many({ { legacy = place.lists.v1 } }, options) end,
}
calls["lists:create"] = {
  function(client, _, options) return client.lists:create({ name = "Another" }, options) end,
  function(client, _, options)
    local of_type = KIND[client.api_version] ~= "v1" and "p99001_machines" or nil
    return client.lists:create({ name = "Another", object_type = of_type }, options)
  end,
}
calls["lists:update"] = {
  function(client, place, options) return client.lists:update(list_of(client, place), { name = "Renamed" }, options) end,
  function(client, place)
    local changes = KIND[client.api_version] == "v1" and { dynamic = true, name = "Renamed", filters = place.filters }
      or { name = "Renamed", filterBranch = place.filter_branch }
    return client.lists:update(place.dynamic_lists[KIND[client.api_version]], changes)
  end,
}
calls["lists:delete"] = function(client, place, options) return client.lists:delete(list_of(client, place), options) end
calls["lists:all"] = pages(function(client, _, options) return client.lists:all(options) end)
calls["lists:static"] = pages(function(client, _, options) return client.lists:static(options) end)
calls["lists:dynamic"] = pages(function(client, _, options) return client.lists:dynamic(options) end)
calls["lists:contacts"] = pages(
  function(client, place, options) return client.lists:contacts(list_of(client, place), options) end
)
calls["lists:recent_contacts"] = pages(
  function(client, place, options) return client.lists:recent_contacts(list_of(client, place), options) end
)
for _, name in ipairs { "records", "recent_records" } do
  calls["lists:" .. name] = pages(
    function(client, place, options) return client.lists[name](client.lists, place.company_list, options) end
  )
end
calls["lists:add"] = function(client, place)
  return client.lists:add(list_of(client, place), {
    ids = { place.ids[5], "999999" },
    emails = { place.emails[6], "nobody@example.org" },
  })
end
calls["lists:remove"] = function(client, place)
  return client.lists:remove(list_of(client, place), { ids = { place.ids[1] }, emails = { place.emails[2] } })
end
calls["lists:translate_ids"] = function(client, place) return client.lists:translate_ids { place.lists.v1, 999999 } end

-- Timeline ---------------------------------------------------------------------------------------------------------

local APPLICATION = 6543

local function event_of(client, place, id)
  return { id = id, eventTypeId = place.event_types[KIND[client.api_version]], email = place.emails[1] }
end

local function named_event(place, id) return { id = id, eventTypeName = place.event_type_name, email = place.emails[1] } end

calls["timeline:event_types"] = function(client, _, options) return client.timeline:event_types(APPLICATION, options) end
calls["timeline:create_event_type"] = function(client, _, options)
  return client.timeline:create_event_type(APPLICATION, { name = "Another" }, options)
end
calls["timeline:update_event_type"] = function(client, place)
  return client.timeline:update_event_type(APPLICATION, place.event_types.current, { name = "Renamed" })
end
calls["timeline:delete_event_type"] = function(client, place, options)
  return client.timeline:delete_event_type(APPLICATION, place.event_types.current, options)
end
calls["timeline:event_type_properties"] = function(client, place, options)
  return client.timeline:event_type_properties(APPLICATION, place.event_types.current, options)
end
calls["timeline:create_event_type_property"] = function(client, place, options)
  local definition = { name = "city", label = "City", type = "string" }
  return client.timeline:create_event_type_property(APPLICATION, place.event_types.current, definition, options)
end
calls["timeline:update_event_type_property"] = function(client, place, options)
  local definition = { id = place.property_id, name = "level", label = "Level", type = "number" }
  return client.timeline:update_event_type_property(APPLICATION, place.event_types.current, definition, options)
end
calls["timeline:get_event"] = function(client, place, options)
  return client.timeline:get_event(APPLICATION, place.event_types.current, "known", options)
end
calls["timeline:upsert_event"] = {
  function(client, place) return client.timeline:upsert_event(APPLICATION, event_of(client, place, "e1")) end,
  function(client, place)
    if client.api_version == "v1" then
      return client.timeline:upsert_event(APPLICATION, event_of(client, place, "e2"))
    end
    return client.timeline:upsert_event(nil, named_event(place, "e2"))
  end,
}
calls["timeline:upsert_events"] = function(client, place)
  local events = {}
  for index = 1, 3 do
    events[index] = event_of(client, place, "batch-" .. index)
    if client.api_version ~= "v1" and index > 1 then events[index + 2] = named_event(place, "named-" .. index) end
  end
  return client.timeline:upsert_events(APPLICATION, events)
end

-- E-mail -----------------------------------------------------------------------------------------------------------

calls["campaigns:recent"] = pages(function(client, _, options) return client.campaigns:recent(options) end)
calls["campaigns:all"] = pages(function(client, _, options) return client.campaigns:all(options) end)
calls["campaigns:get"] = function(client, place, options)
  return client.campaigns:get(place.campaign.id, with(options, { app_id = place.campaign.appId }))
end
calls["email_events:all"] = pages(function(client, _, options) return client.email_events:all(options) end)
calls["email_events:get"] = function(client, place, options)
  return client.email_events:get(place.email_event.created, place.email_event.id, options)
end

local SUBSCRIPTION = 146

calls["subscriptions:types"] = function(client, _, options) return client.subscriptions:types(options) end
calls["subscriptions:status"] = function(client, place, options)
  return client.subscriptions:status(place.emails[1], options)
end
calls["subscriptions:update"] = {
  function(client, place)
    return client.subscriptions:update(place.emails[1], {
      subscriptionStatuses = { { id = SUBSCRIPTION, subscribed = false }, { id = 147, subscribed = false } },
    })
  end,
  function(client, place) return client.subscriptions:update(place.emails[2], { unsubscribeFromAll = true }) end,
}
calls["subscriptions:changes"] = pages(function(client, _, options) return client.subscriptions:changes(options) end)
calls["transactional:send"] = function(client, _, options)
  return client.transactional:send(
    { emailId = 4126643121, message = { to = "ada@example.org", sendId = "s" } },
    options
  )
end
calls["transactional:tokens"] = function(client) return client.transactional:tokens() end
calls["transactional:create_token"] = function(client, _, options)
  local definition = { campaignName = "Spring", createContact = true }
  if client.api_version == "v1" then definition = { campaignName = "Spring", createdBy = "ada@example.org" } end
  return client.transactional:create_token(definition, options)
end
calls["transactional:reset_token_password"] = function(client, place, options)
  return client.transactional:reset_token_password(place.smtp_tokens[KIND[client.api_version]], options)
end

require "fuzz.answers.object_calls"(calls, pages)
require "fuzz.answers.definition_calls"(calls, pages)

-- Beside the operations
-- -----------------------------------------------------------------------------------------------

calls["client:request"] = function(client, place)
  return client:request { method = "GET", path = "/crm/objects/2026-09/contacts/" .. place.ids[1] }
end
calls["renewal of a token"] = function(_, place) return place.oauth_client.contacts:get(place.ids[1]) end
calls["exchange of a code"] = function(_, place)
  return require("hubspot.oauth").exchange_code {
    client_id = "the-app",
    client_secret = "the-secret",
    redirect_uri = "https://example.org/callback",
    code = "the-code",
    transport = place.transport,
  }
end

for name, list in pairs(calls) do
  if type(list) == "function" then calls[name] = { list } end
end

return calls
