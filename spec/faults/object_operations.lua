-- The operations of `spec.faults.operations` that are about records of every type: their batches, associations,
-- properties and pipelines.

local operations = {}

local function operation(fields) operations[#operations + 1] = fields end

local ROWS = 4

local function each_row(of_row)
  local rows = {}
  for index = 1, ROWS do
    rows[index] = of_row(index)
  end
  return rows
end

-- Batches ------------------------------------------------------------------------------------------------------------

operation {
  name = "companies:create_many",
  routes = {
    current = { class = "batch_create", method = "POST", path = "^/crm/objects/2026-09/companies/batch/create$" },
  },
  call = function(client, subject, options)
    return client.companies:create_many(
      each_row(function(index) return { properties = { name = subject.tag .. index } } end),
      options
    )
  end,
  rows = function(world, subject)
    return each_row(function(index) return world:count("name", subject.tag .. index, "companies") end)
  end,
}

-- Associations -------------------------------------------------------------------------------------------------------

local BATCH = "^/crm/associations/2026-09/contacts/companies/batch/"

local function company(world, tag) return { key = tag, tag = tag, id = world:create_company(tag) } end

local function associated_company(world, tag)
  local subject = company(world, tag)
  for index = 1, ROWS do
    world:associate(world.contacts[index], subject.id)
  end
  return subject
end

local function pairs_of(subject)
  return each_row(function(index) return { from = subject.world.contacts[index], to = subject.id } end)
end

local function associated_rows(world, subject)
  return each_row(function(index) return world:is_associated(world.contacts[index], subject.id) and 1 or 0 end)
end

operation {
  name = "associations:get_many",
  routes = { current = { class = "batch_read", method = "POST", path = BATCH .. "read$" } },
  wanted = function(world) return world.employers end,
  call = function(client, subject, options)
    local found, err = client.associations:get_many("contacts", subject.world.members, "companies", options)
    if not found then return nil, err end
    local ids = {}
    for _, record in ipairs(found) do
      ids[#ids + 1] = record.to[1] and record.to[1].id
    end
    return ids
  end,
}

operation {
  name = "associations:create_many",
  wave = 2,
  routes = { current = { class = "batch_write", method = "POST", path = BATCH .. "associate/default$" } },
  prepare = company,
  call = function(client, subject, options)
    return client.associations:create_many("contacts", "companies", pairs_of(subject), options)
  end,
  rows = associated_rows,
}

operation {
  name = "associations:delete_many",
  wave = 2,
  routes = { current = { class = "batch_write", method = "POST", path = BATCH .. "archive$" } },
  prepare = associated_company,
  call = function(client, subject, options)
    return client.associations:delete_many("contacts", "companies", pairs_of(subject), options)
  end,
  rows = function(world, subject)
    return each_row(function(index) return world:is_associated(world.contacts[index], subject.id) and 0 or 1 end)
  end,
}

-- Properties ---------------------------------------------------------------------------------------------------------

local function definition(subject)
  return { name = subject.tag, label = "A", groupName = "companyinformation", type = "string", fieldType = "text" }
end

local function with_type(options)
  local all = { object_type = "companies" }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return all
end

local function property(world, tag)
  world:must("POST", "/crm/properties/2026-09/companies", definition { tag = tag })
  return { key = tag, tag = tag }
end

operation {
  name = "properties:create",
  routes = {
    current = { class = "unrepeatable", method = "POST", path = "^/crm/properties/2026-09/companies$" },
  },
  call = function(client, subject, options) return client.properties:create(definition(subject), with_type(options)) end,
  effects = function(world, subject) return world:property(subject.tag) and 1 or 0 end,
}

local function definitions(subject)
  return each_row(function(index) return definition { tag = subject.tag .. index } end)
end

operation {
  name = "properties:create_many",
  routes = {
    current = { class = "batch_create", method = "POST", path = "^/crm/properties/2026-09/companies/batch/create$" },
  },
  call = function(client, subject, options)
    -- The look for archived ones is a request of its own.
    options = with_type(options)
    options.restore = true
    return client.properties:create_many(definitions(subject), options)
  end,
  rows = function(world, subject)
    return each_row(function(index) return world:property(subject.tag .. index) and 1 or 0 end)
  end,
}

operation {
  name = "properties:update",
  routes = {
    current = { class = "repeatable", method = "PATCH", path = "^/crm/properties/2026-09/companies/SUBJECT$" },
  },
  prepare = property,
  call = function(client, subject, options)
    return client.properties:update(subject.tag, { label = "B" }, with_type(options))
  end,
  effects = function(world, subject) return world:property(subject.tag).label == "B" and 1 or 0 end,
}

operation {
  name = "properties:delete",
  routes = {
    current = { class = "repeatable", method = "DELETE", path = "^/crm/properties/2026-09/companies/SUBJECT$" },
  },
  prepare = property,
  call = function(client, subject, options) return client.properties:delete(subject.tag, with_type(options)) end,
  effects = function(world, subject) return world:property(subject.tag) and 0 or 1 end,
}

-- Pipelines ----------------------------------------------------------------------------------------------------------

local PIPELINES = "^/crm/pipelines/2026-09/deals"

local function stage(id, label, order)
  return { stageId = id, label = label, displayOrder = order, metadata = { probability = "0.5" } }
end

local function pipeline(world, tag)
  world:must("POST", "/crm/pipelines/2026-09/deals", {
    label = tag,
    pipelineId = tag,
    displayOrder = 0,
    stages = { stage(tag .. "first", "First", 0), stage(tag .. "second", "Second", 1) },
  })
  return { key = tag, tag = tag }
end

local function create(client, subject, options)
  local stages = { { label = "First", metadata = { probability = 0.5 } } }
  return client.pipelines:create("deals", { label = subject.tag, pipelineId = subject.tag, stages = stages }, options)
end

local function count_created(world, subject) return #world:pipelines(subject.tag) end

operation {
  name = "pipelines:create",
  routes = { current = { class = "unrepeatable", method = "POST", path = PIPELINES .. "$" } },
  call = create,
  effects = count_created,
}

operation {
  name = "pipelines:create, its look at what it wrote",
  wave = 2,
  routes = { current = { class = "read_back", method = "GET", path = PIPELINES .. "/SUBJECT$" } },
  call = create,
  effects = count_created,
}

operation {
  name = "pipelines:update",
  routes = { current = { class = "repeatable", method = "PATCH", path = PIPELINES .. "/SUBJECT$" } },
  prepare = pipeline,
  call = function(client, subject, options)
    return client.pipelines:update("deals", subject.tag, { label = subject.tag .. " changed" }, options)
  end,
  effects = function(world, subject) return #world:pipelines(subject.tag .. " changed") end,
}

operation {
  name = "pipelines:delete_stage",
  wave = 2,
  routes = {
    current = { class = "repeatable", method = "DELETE", path = PIPELINES .. "/SUBJECT/stages/*" },
  },
  prepare = pipeline,
  call = function(client, subject, options)
    return client.pipelines:delete_stage("deals", subject.tag, subject.tag .. "second", options)
  end,
  effects = function(world, subject) return 2 - #world:pipelines(subject.tag)[1].stages end,
}

return operations
