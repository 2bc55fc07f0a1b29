-- client.pipelines and client.owners over a socket.

local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local take = wire.take

local server, client

setup(function()
  server = sandbox.start { contacts = 0 }
  client = wire.client(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:reset { contacts = 0 }
  take(server)
end)

local BASE = "/crm/pipelines/2026-09/deals"

local function definition_with(more)
  local definition = {
    label = "Renewals",
    pipelineId = "renewals",
    stages = {
      { label = "Open", stageId = "open", metadata = { probability = 0.2 } },
      { label = "Won", metadata = { probability = 1 } },
    },
  }
  for name, value in pairs(more or {}) do
    definition[name] = value
  end
  return definition
end

local function create(more) return client.pipelines:create("deals", definition_with(more)) end

local function labels_of(pipeline)
  local labels = {}
  for _, stage in ipairs(pipeline.stages) do
    labels[#labels + 1] = stage.label
  end
  table.sort(labels)
  return labels
end

describe("pipelines", function()
  it("are created with their stages, and given as they are afterwards", function()
    local made = assert(create())
    assert.same({ "renewals", "Renewals" }, { made.id, made.label })
    assert.same({ "Open", "Won" }, labels_of(made))
    assert.same({
      "POST "
        .. BASE
        .. ' {"displayOrder":0,"label":"Renewals","pipelineId":"renewals","stages":[{"displayOrder":0,"label":"Open",'
        .. '"metadata":{"probability":"0.2"},"stageId":"open"},{"displayOrder":1,"label":"Won",'
        .. '"metadata":{"probability":"1"}}]}',
      "GET " .. BASE .. "/renewals",
    }, take(server))
    assert.same(made, client.pipelines:get("deal", "renewals"))
    local ids = {}
    for _, pipeline in ipairs(client.pipelines:all "deals") do
      ids[pipeline.id] = true
    end
    assert.same({ default = true, renewals = true }, ids)
  end)

  it("are changed, replaced and deleted", function()
    local pipelines = client.pipelines
    assert(create())
    take(server)
    assert.equal("Repeats", pipelines:update("deals", "renewals", { label = "Repeats" }).label)
    assert.same({ "PATCH " .. BASE .. '/renewals {"label":"Repeats"}', "GET " .. BASE .. "/renewals" }, take(server))
    local replaced = assert(pipelines:replace("deals", "renewals", {
      label = "Repeats",
      stages = { { label = "Begun", stageId = "open", metadata = { probability = 0.5 } } },
    }))
    assert.same({ "Begun" }, labels_of(replaced))
    assert.equal("open", replaced.stages[1].id)
    assert.is_true(pipelines:delete("deals", "renewals"))
    local none, err = pipelines:get("deals", "renewals")
    assert.is_nil(none)
    assert.equal(404, err.status)
  end)

  it("have stages of their own", function()
    local pipelines = client.pipelines
    assert(create())
    take(server)
    local stage = assert(pipelines:create_stage("deals", "renewals", {
      label = "Lost",
      stageId = "lost",
      displayOrder = 2,
      metadata = { probability = 0 },
    }))
    assert.same({ "lost", "Lost" }, { stage.id, stage.label })
    assert.equal("GET " .. BASE .. "/renewals/stages/lost", take(server)[2])
    assert.equal("Gone", pipelines:update_stage("deals", "renewals", "lost", { label = "Gone" }).label)
    take(server)
    assert.is_true(pipelines:delete_stage("deals", "renewals", "lost"))
    local path = BASE .. "/renewals/stages/lost"
    assert.same({ "GET " .. path, "DELETE " .. path, "GET " .. path }, take(server))
    local deleted, err = pipelines:delete_stage("deals", "renewals", "lost")
    assert.is_nil(deleted)
    assert.equal(404, err.status)
    assert.equal(1, #take(server))
  end)

  it("may be written though they can't be read afterwards", function()
    server:fault { kind = "status", status = 403, path = "/crm/pipelines/2026-09/deals/renewals$" }
    local made, err = create()
    assert.is_nil(made)
    assert.is_true(err.ambiguous)
    assert.truthy(tostring(err):find("it was written, but what HubSpot has by now could not be read: ", 1, true))
    assert.is_truthy(client.pipelines:get("deals", "renewals"))
  end)

  it("are refused where HubSpot would fail on them", function()
    local refused = {
      ["definition.pipelineId must have at most 36"] = { pipelineId = ("a"):rep(37) },
      ["definition.stages[1].stageId must have at most 100"] = {
        stages = { { label = "a", stageId = ("a"):rep(101) } },
      },
      ["definition.stages must not be empty"] = { stages = {} },
      ["definition.displayOrder must be"] = { displayOrder = -1 },
    }
    for expected, more in pairs(refused) do
      misuse.throws(expected, function() client.pipelines:create("deals", definition_with(more)) end)
    end
    misuse.throws("changes must not be empty", function() client.pipelines:update("deals", "a", {}) end)
    misuse.throws(
      "changes has an unknown field stages",
      function() client.pipelines:update("deals", "a", { stages = {} }) end
    )
    misuse.throws(
      "changes has an unknown field stageId",
      function() client.pipelines:update_stage("deals", "a", "b", { stageId = "c" }) end
    )
    assert.same({}, take(server))
  end)
end)

describe("owners", function()
  it("are listed and read, by id and by the user's", function()
    local owners = wire.collect(client.owners:all { page_size = 1 })
    assert.is_true(#owners > 1)
    local first = owners[1]
    assert.equal("string", type(first.id))
    assert.equal(first.email, client.owners:get(first.id).email)
    assert.equal(first.id, client.owners:get_by_user_id(first.userId).id)
    assert.same({ first.id }, wire.ids(wire.collect(client.owners:all { email = first.email })))
    for owner in client.owners:all { archived = true } do
      assert.is_true(owner.archived)
      assert.equal(owner.id, client.owners:get(owner.id, { archived = true }).id)
    end
  end)
end)
