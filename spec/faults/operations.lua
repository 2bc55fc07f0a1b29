-- The kinds of operations that the fault matrix strikes: how each is called on a real client, at which of its requests
-- the fault strikes, and what the sandbox's own store says was done.
--
-- An operation has `name`, `call(client, subject, options)`, `prepare(world, tag)` that returns the subject of one call
-- (by default the tag, a text that no other call has), and routes. A route is `{ class =, method =, path = }`: what
-- kind of request it is (see `spec.faults.faults`), and a Lua pattern for its path, in which SUBJECT stands for the
-- subject's `key`.
--
-- A write has `effects(world, subject)`: how often its effect is in the store, 0 where it never came about; a batch has
-- `rows(world, subject)`: the same for each input. A read has `wanted(world)`: the ids that it must give.

local operations = {}

-- Items of an iterator, without a `for`: on Lua 5.1 nothing can wait inside of one. After an error, the items of a new
-- iterator that resumes from the cursor.
local function collect(iterator)
  local ids = {}
  local item, err = iterator:next()
  while item do
    ids[#ids + 1] = item.id
    item, err = iterator:next()
  end
  if err then return nil, err, { ids = ids, iterator = iterator } end
  return ids
end

local function with(options, more)
  local all = {}
  for _, source in ipairs { options or {}, more } do
    for name, value in pairs(source) do
      all[name] = value
    end
  end
  return all
end

local function ids_of(contacts, err)
  if not contacts then return nil, err end
  local ids = {}
  for index, contact in ipairs(contacts) do
    ids[index] = contact.id
  end
  return ids
end

local function address(tag) return tag .. "@example.org" end

local function person(world, tag)
  return { key = world:create { firstname = "Target", email = address(tag .. "-target") }, tag = tag }
end

local function operation(fields) operations[#operations + 1] = fields end

operation {
  name = "contacts:get",
  routes = {
    current = { class = "read", method = "GET", path = "^/crm/objects/2026-09/contacts/SUBJECT$" },
    v1 = { class = "read", method = "GET", path = "^/contacts/v1/contact/vid/SUBJECT/profile$" },
  },
  prepare = person,
  call = function(client, subject, options) return client.contacts:get(subject.key, options) end,
}

operation {
  name = "contacts:create",
  routes = {
    current = { class = "unrepeatable", method = "POST", path = "^/crm/objects/2026-09/contacts$" },
    v1 = { class = "unrepeatable", method = "POST", path = "^/contacts/v1/contact/$" },
  },
  call = function(client, subject, options)
    -- No address, which would make HubSpot refuse the second one.
    return client.contacts:create({ lastname = subject.tag }, options)
  end,
  effects = function(world, subject) return world:count("lastname", subject.tag) end,
}

operation {
  name = "contacts:update",
  routes = {
    current = { class = "repeatable", method = "PATCH", path = "^/crm/objects/2026-09/contacts/SUBJECT$" },
    v1 = { class = "repeatable", method = "POST", path = "^/contacts/v1/contact/vid/SUBJECT/profile$" },
  },
  prepare = person,
  call = function(client, subject, options)
    return client.contacts:update(subject.key, { lastname = subject.tag }, options)
  end,
  effects = function(world, subject) return world:count("lastname", subject.tag) end,
}

operation {
  name = "contacts:upsert",
  routes = {
    current = { class = "repeatable", method = "POST", path = "^/crm/objects/2026-09/contacts/batch/upsert$" },
    v1 = { class = "repeatable", method = "POST", path = "^/contacts/v1/contact/createOrUpdate/email/SUBJECT/$" },
  },
  prepare = function(_, tag) return { key = tag .. "%40example.org", tag = tag } end,
  call = function(client, subject, options)
    return client.contacts:upsert(address(subject.tag), { firstname = "Ada" }, options)
  end,
  effects = function(world, subject) return world:count("email", address(subject.tag)) end,
}

operation {
  name = "contacts:delete",
  routes = {
    current = { class = "repeatable", method = "DELETE", path = "^/crm/objects/2026-09/contacts/SUBJECT$" },
    v1 = { class = "repeatable", method = "DELETE", path = "^/contacts/v1/contact/vid/SUBJECT$" },
  },
  prepare = person,
  call = function(client, subject, options) return client.contacts:delete(subject.key, options) end,
  effects = function(world, subject) return world:exists(subject.key) and 0 or 1 end,
}

operation {
  name = "contacts:get_many",
  routes = {
    current = { class = "batch_read", method = "POST", path = "^/crm/objects/2026-09/contacts/batch/read$" },
    v1 = { class = "batch_read", method = "GET", path = "^/contacts/v1/contact/vids/batch/$" },
  },
  wanted = function(world) return world.members end,
  call = function(client, subject, options) return ids_of(client.contacts:get_many(subject.world.members, options)) end,
}

local ROWS = 4

operation {
  name = "contacts:upsert_many",
  wave = 2,
  routes = {
    current = { class = "batch_write", method = "POST", path = "^/crm/objects/2026-09/contacts/batch/upsert$" },
    v1 = { class = "batch_write", method = "POST", path = "^/contacts/v1/contact/batch/$" },
  },
  call = function(client, subject, options)
    local records = {}
    for index = 1, ROWS do
      records[index] = { email = address(subject.tag .. index), properties = { firstname = "Ada" } }
    end
    return client.contacts:upsert_many(records, options)
  end,
  rows = function(world, subject)
    local there = {}
    for index = 1, ROWS do
      there[index] = world:count("email", address(subject.tag .. index))
    end
    return there
  end,
}

operation {
  name = "contacts:all",
  routes = {
    current = { class = "pages", method = "GET", path = "^/crm/objects/2026-09/contacts$" },
    v1 = { class = "pages", method = "GET", path = "^/contacts/v1/lists/all/contacts/all$" },
  },
  wanted = function(world) return world.contacts end,
  call = function(client, subject, options)
    -- Others create contacts meanwhile, whose ids are higher.
    return collect(
      client.contacts:all(
        with(options, { page_size = 5, max = #subject.world.contacts - subject.given, cursor = subject.cursor })
      )
    )
  end,
}

operation {
  name = "contacts:search",
  routes = {
    current = { class = "pages", method = "POST", path = "^/crm/objects/2026-09/contacts/search$" },
    v1 = { class = "pages", method = "GET", path = "^/contacts/v1/search/query$" },
  },
  wanted = function(world) return world.contacts end,
  call = function(client, subject, options)
    return collect(
      client.contacts:search(
        "",
        with(options, { page_size = 5, max = #subject.world.contacts - subject.given, cursor = subject.cursor })
      )
    )
  end,
}

operation {
  name = "lists:contacts",
  routes = {
    current = { class = "pages", method = "GET", path = "^/crm/lists/2026-09/*/memberships$" },
    v1 = { class = "pages", method = "GET", path = "^/contacts/v1/lists/SUBJECT/contacts/all$" },
  },
  prepare = function(world, tag) return { key = tostring(world.list.v1), tag = tag } end,
  wanted = function(world) return world.members end,
  call = function(client, subject, options)
    return collect(
      client.lists:contacts(
        subject.world.list[client.api_version] or subject.world.list.current,
        with(options, { page_size = 3, cursor = subject.cursor })
      )
    )
  end,
}

local function event_effects(world, subject) return world:count("email", address(subject.tag)) end

local function event(subject, with_id, type_field)
  local made = { id = with_id and subject.tag or nil, email = address(subject.tag) }
  made[type_field] = subject.world[type_field]
  return made
end

operation {
  name = "timeline:upsert_event, by the type's name",
  routes = {
    current = { class = "repeatable", method = "POST", path = "^/integrators/timeline/2026-09/events$" },
  },
  call = function(client, subject, options)
    return client.timeline:upsert_event(nil, event(subject, true, "eventTypeName"), options)
  end,
  effects = event_effects,
}

operation {
  name = "timeline:upsert_event, by the type's id",
  wave = 2,
  routes = {
    current = { class = "repeatable", method = "POST", path = "^/integrators/timeline/v3/events$" },
    v1 = { class = "unrepeatable", method = "POST", path = "^/integrations/v1/6543/timeline/event$" },
  },
  call = function(client, subject, options)
    return client.timeline:upsert_event(6543, event(subject, true, "eventTypeId"), options)
  end,
  effects = event_effects,
}

operation {
  name = "timeline:upsert_event, without an id",
  routes = {
    current = { class = "unrepeatable", method = "POST", path = "^/integrators/timeline/v3/events$" },
  },
  call = function(client, subject, options)
    return client.timeline:upsert_event(nil, event(subject, false, "eventTypeId"), options)
  end,
  effects = event_effects,
}

local function mail(subject, send_id)
  return { emailId = 4126643121, message = { to = address(subject.tag), sendId = send_id } }
end

local SEND = "^/marketing/transactional/2026-09/single-email/send$"
local V1_SEND = "^/email/public/v1/singleEmail/send$"

local function mails(world, subject) return world:mails(address(subject.tag)) end

operation {
  name = "transactional:send, with a sendId",
  wave = 2,
  routes = {
    current = { class = "repeatable", method = "POST", path = SEND },
    v1 = { class = "repeatable", method = "POST", path = V1_SEND },
  },
  call = function(client, subject, options) return client.transactional:send(mail(subject, subject.tag), options) end,
  effects = mails,
}

operation {
  name = "transactional:send, without a sendId",
  routes = {
    current = { class = "unrepeatable", method = "POST", path = SEND },
    v1 = { class = "unrepeatable", method = "POST", path = V1_SEND },
  },
  call = function(client, subject, options) return client.transactional:send(mail(subject), options) end,
  effects = mails,
}

operation {
  name = "subscriptions:update",
  routes = {
    current = {
      class = "repeatable",
      method = "POST",
      path = "^/communication-preferences/2026-09/statuses/SUBJECT$",
    },
    v1 = { class = "repeatable", method = "PUT", path = "^/email/public/v1/subscriptions/SUBJECT$" },
  },
  prepare = function(_, tag) return { key = tag .. "%40example.org", tag = tag } end,
  call = function(client, subject, options)
    return client.subscriptions:update(
      address(subject.tag),
      { subscriptionStatuses = { { id = subject.world.subscription, subscribed = false } } },
      options
    )
  end,
  effects = function(world, subject) return world:is_unsubscribed(address(subject.tag)) and 1 or 0 end,
}

operation {
  name = "renewal of an OAuth token",
  routes = {
    current = { class = "renewal", method = "POST", path = "^/oauth/2026-09/token$" },
  },
  prepare = person,
  call = function(_, subject, options)
    local client = subject.world:oauth_client { timeout = options.timeout }
    local contact, err = client.contacts:get(subject.key, options)
    client:close()
    return contact, err
  end,
}

for _, one in ipairs(require "spec.faults.object_operations") do
  operation(one)
end

for _, one in ipairs(operations) do
  one.wave = one.wave or 1
  one.prepare = one.prepare or function(_, tag) return { key = tag, tag = tag } end
end

return operations
