-- Calls of the operations on associations, and on what defines records: properties, pipelines, types of records, the
-- owners of an account, and how they share deals. As `fuzz.answers.calls` takes them; `place` is as
-- `fuzz.answers.place` filled it.

local FROM, TO = "contacts", "companies"

local STAGES =
  { { label = "Open", metadata = { probability = 0.2 } }, { label = "Won", metadata = { probability = 1 } } }

local function add_associations(calls, pages)
  local function add(name, call)
    calls["associations:" .. name] = function(client, place, options) return call(client.associations, place, options) end
  end

  calls["associations:all"] = pages(
    function(client, place, options) return client.associations:all(FROM, place.ids[1], TO, options) end
  )
  add("get_many", function(associations, place) return associations:get_many(FROM, { place.ids[1] }, TO) end)
  add("create", function(associations, place)
    local labels = { labels = { place.label.label } }
    return associations:create(FROM, place.ids[2], TO, place.companies[1], labels)
  end)
  add(
    "create_many",
    function(associations, place)
      return associations:create_many(FROM, TO, {
        { from = place.ids[2], to = place.companies[2] },
        { from = place.ids[3], to = place.companies[1], labels = { place.label.label } },
        { from = place.ids[3], to = "999999999" },
      })
    end
  )
  add(
    "delete",
    function(associations, place, options)
      return associations:delete(FROM, place.ids[1], TO, place.companies[1], options)
    end
  )
  add(
    "delete_many",
    function(associations, place)
      return associations:delete_many(FROM, TO, { { from = place.ids[1], to = place.companies[2] } })
    end
  )
  add("delete_labels", function(associations, place)
    local pair = { from = place.ids[1], to = place.companies[3], labels = { place.label.label } }
    return associations:delete_labels(FROM, TO, { pair })
  end)
  add("labels", function(associations, _, options) return associations:labels(FROM, TO, options) end)
  add(
    "create_label",
    function(associations, _, options)
      return associations:create_label(FROM, TO, { name = "payer", label = "Payer" }, options)
    end
  )
  add(
    "update_label",
    function(associations, place)
      return associations:update_label(FROM, TO, place.label.typeId, { label = "Pays", inverseLabel = "Is paid by" })
    end
  )
  add(
    "delete_label",
    function(associations, place, options) return associations:delete_label(FROM, TO, place.label.typeId, options) end
  )
  add("limits", function(associations, _, options) return associations:limits(FROM, TO, options) end)
  add("all_limits", function(associations, _, options) return associations:all_limits(options) end)
  local function limit_of(place, most)
    return { category = "USER_DEFINED", typeId = place.label.typeId, maxToObjectIds = most }
  end
  add("create_limits", function(associations, place)
    local unknown = { category = "USER_DEFINED", typeId = 1, maxToObjectIds = 2 }
    return associations:create_limits(FROM, TO, { limit_of(place, 3), unknown })
  end)
  add(
    "update_limits",
    function(associations, place) return associations:update_limits(FROM, TO, { limit_of(place, 4) }) end
  )
  add(
    "delete_limits",
    function(associations, place) return associations:delete_limits(FROM, TO, { limit_of(place) }) end
  )
end

local function add_properties(calls)
  local OF_COMPANIES = { object_type = TO }
  calls["properties:all"] = function(client) return client.properties:all(OF_COMPANIES) end
  calls["properties:create"] = function(client)
    local definition = { name = "nickname", label = "Nickname", groupName = "companyinformation" }
    definition.type, definition.fieldType = "string", "text"
    return client.properties:create(definition, OF_COMPANIES)
  end
  calls["properties:update"] = function(client)
    return client.properties:update("account_number", { label = "Number" }, OF_COMPANIES)
  end
  calls["properties:delete"] = function(client) return client.properties:delete("account_number", OF_COMPANIES) end
  calls["properties:get_many"] = function(client)
    return client.properties:get_many({ "name", "nothing", "account_number" }, OF_COMPANIES)
  end
  calls["properties:create_many"] = function(client)
    local list = {}
    for index, name in ipairs { "nickname", "account_number", "motto" } do
      list[index] = { name = name, label = "L", groupName = "companyinformation", type = "string", fieldType = "text" }
    end
    return client.properties:create_many(list, OF_COMPANIES)
  end
  calls["properties:delete_many"] = function(client)
    return client.properties:delete_many({ "account_number", "name" }, OF_COMPANIES)
  end
  calls["properties:groups"] = function(client, _, options) return client.properties:groups(options) end
  calls["properties:create_group"] = function(client)
    return client.properties:create_group({ name = "billing", label = "Billing" }, OF_COMPANIES)
  end
  calls["properties:update_group"] = function(client, place)
    return client.properties:update_group(place.group, { label = "Payments" }, OF_COMPANIES)
  end
  calls["properties:delete_group"] = function(client, place)
    return client.properties:delete_group(place.group, OF_COMPANIES)
  end
end

local function add_pipelines(calls)
  local function add(name, call)
    calls["pipelines:" .. name] = function(client, place) return call(client.pipelines, place.pipeline) end
  end

  add("all", function(pipelines) return pipelines:all "deals" end)
  add("get", function(pipelines, pipeline) return pipelines:get("deals", pipeline.id) end)
  add("create", function(pipelines) return pipelines:create("deals", { label = "Sales", stages = STAGES }) end)
  add("update", function(pipelines, pipeline) return pipelines:update("deals", pipeline.id, { label = "Renewed" }) end)
  add(
    "replace",
    function(pipelines, pipeline) return pipelines:replace("deals", pipeline.id, { label = "Sales", stages = STAGES }) end
  )
  add("delete", function(pipelines, pipeline) return pipelines:delete("deals", pipeline.id) end)
  add("create_stage", function(pipelines, pipeline)
    local stage = { label = "Lost", metadata = { probability = 0 } }
    return pipelines:create_stage("deals", pipeline.id, stage)
  end)
  add(
    "update_stage",
    function(pipelines, pipeline)
      return pipelines:update_stage("deals", pipeline.id, pipeline.stages[1].id, { label = "Begun" })
    end
  )
  add(
    "delete_stage",
    function(pipelines, pipeline) return pipelines:delete_stage("deals", pipeline.id, pipeline.stages[1].id) end
  )
end

local function add_owners(calls, pages)
  calls["owners:all"] = pages(function(client, _, options) return client.owners:all(options) end)
  calls["owners:get"] = function(client, place, options) return client.owners:get(place.owner.id, options) end
  calls["owners:get_by_user_id"] = function(client, place, options)
    return client.owners:get_by_user_id(place.owner.userId, options)
  end
end

local function add_deal_splits(calls)
  calls["deal_splits:get_many"] = function(client, place) return client.deal_splits:get_many(place.deals) end
  calls["deal_splits:upsert_many"] = function(client, place)
    local whole = { { ownerId = place.owner.id, percentage = 1 } }
    return client.deal_splits:upsert_many {
      { id = place.deals[1], splits = whole },
      { id = place.deals[2], splits = whole },
      { id = "999999999", splits = whole },
    }
  end
end

local function add_schemas(calls)
  local function add(name, call)
    calls["schemas:" .. name] = function(client, place) return call(client.schemas, place.schema) end
  end

  add("all", function(schemas) return schemas:all() end)
  add("get", function(schemas, schema) return schemas:get(schema.objectTypeId) end)
  add(
    "create",
    function(schemas)
      return schemas:create {
        name = "rooms",
        labels = { singular = "Room", plural = "Rooms" },
        primaryDisplayProperty = "number",
        requiredProperties = { "number" },
        properties = { { name = "number", label = "Number", type = "string", fieldType = "text" } },
      }
    end
  )
  add(
    "update",
    function(schemas, schema) return schemas:update(schema.objectTypeId, { searchableProperties = { "model" } }) end
  )
  add("delete", function(schemas, schema) return schemas:delete(schema.objectTypeId) end)
  add(
    "create_association",
    function(schemas, schema)
      return schemas:create_association(
        schema.objectTypeId,
        { fromObjectTypeId = schema.objectTypeId, toObjectTypeId = "0-2", name = "in_rooms" }
      )
    end
  )
  add(
    "delete_association",
    function(schemas, schema) return schemas:delete_association(schema.objectTypeId, schema.association_id) end
  )
end

local function add_account(calls)
  calls["account:details"] = function(client, _, options) return client.account:details(options) end
  calls["account:limits"] = function(client) return client.account:limits() end
  calls["account:token_info"] = {
    function(client) return client.account:token_info() end,
    function(_, place) return place.oauth_client.account:token_info() end,
  }
end

--- Adds the calls.
-- @tparam table calls
-- @tparam function pages function(make) that returns the calls which read an iterator
return function(calls, pages)
  add_associations(calls, pages)
  add_properties(calls)
  add_pipelines(calls)
  add_owners(calls, pages)
  add_deal_splits(calls)
  add_schemas(calls)
  add_account(calls)
end
