-- Pipelines and stages of the sandbox, and the records that stand at them.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local DEALS, TICKETS = "/crm/pipelines/2026-09/deals", "/crm/pipelines/2026-09/tickets"

local function stage(label, probability, more)
  local body = { label = label, displayOrder = 0, metadata = { probability = probability } }
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return body
end

local function pipeline(label, stages, more)
  local body = { label = label, displayOrder = 5, stages = array(stages) }
  for name, value in pairs(more or {}) do
    body[name] = value
  end
  return body
end

describe("the sandbox's pipelines", function()
  local call, must

  before_each(function()
    local wire = portal.new()
    call, must = wire.call, wire.must
  end)

  it("are listed with their stages, for each type its own", function()
    local deals = must("GET", DEALS).results
    assert.same({ "default", "appointmentscheduled" }, { deals[1].id, deals[1].stages[1].id })
    assert.equal("OPEN", must("GET", TICKETS .. "/0/stages/1").metadata.ticketState)
    assert.equal(4, #must("GET", TICKETS .. "/0/stages").results)
    assert.equal("lead", must("GET", "/crm/pipelines/2026-09/contacts").results[1].stages[2].id)
    assert.same({}, must("GET", "/crm/v3/pipelines/notes").results)
    assert.equal(404, (call("GET", DEALS .. "/nothing")))
    assert.equal(404, (call("GET", DEALS .. "/default/stages/nothing")))
  end)

  it("are made, and records stand at their stages", function()
    local won = stage("Won", 1, { stageId = "won", displayOrder = 1, extra = "x" })
    won.metadata.unknown = "x"
    local made = must("POST", DEALS, pipeline("Renewals", { stage("New", "0.1"), won }, { pipelineId = "renewals" }))
    assert.same({ "renewals", "won", "x" }, { made.id, made.stages[2].id, made.stages[2].metadata.unknown })
    local kept = must("GET", DEALS .. "/renewals/stages/won").metadata
    assert.same({ probability = "1.0", isClosed = "true" }, kept)
    local deal = { dealname = "D", dealstage = "won" }
    deal = must("POST", "/crm/objects/2026-09/deals", { properties = deal })
    assert.equal("renewals", deal.properties.pipeline)
  end)

  it("are refused where labels, ids, stages or metadata can't be", function()
    local long = ("i"):rep(101)
    assert.equal(500, (call("POST", DEALS, pipeline("P", { stage("A", 1) }, { pipelineId = long:sub(1, 37) }))))
    assert.equal(500, (call("POST", DEALS, pipeline("P", { stage("A", 1, { stageId = long }) }))))
    for _, body in ipairs {
      pipeline("sales pipeline", { stage("A", 1) }),
      pipeline("P", {}),
      pipeline("P", { stage("A", 2) }),
      pipeline("P", { stage "A" }),
      pipeline("P", { stage("A", 1), stage("a", 1) }),
      pipeline("P", { stage("A", 1, { stageId = "closedwon" }) }),
      pipeline("P", { stage("A", 1, { displayOrder = -1 }) }),
      pipeline("P", { stage("A", 1) }, { pipelineId = "default" }),
    } do
      assert.equal(400, (call("POST", DEALS, body)))
    end
    local open = { label = "A", displayOrder = 0, metadata = { ticketState = "OPEN" } }
    local _, problem = call("POST", TICKETS, pipeline("P", { open }))
    assert.equal("PipelineError.MISSING_CLOSED_STAGE", problem.subCategory)
    open.metadata.ticketState = "closed"
    assert.equal(400, (call("POST", TICKETS, pipeline("P", { open }))))
    assert.equal(400, (call("POST", "/crm/pipelines/2026-09/notes", pipeline("P", { stage("A", 1) }))))
  end)

  it("keep what a PATCH does not tell, and lose what a PUT leaves out", function()
    must(
      "POST",
      DEALS,
      pipeline("P", { stage("A", 0.5, { stageId = "a" }), stage("B", 1, { stageId = "b" }) }, { pipelineId = "p" })
    )
    assert.equal("Q", must("PATCH", DEALS .. "/p", { label = "Q" }).label)
    assert.equal(2, #must("GET", DEALS .. "/p").stages)
    must("PUT", DEALS .. "/p", pipeline("R", { stage("A2", 0.7, { stageId = "a" }), stage("C", 0) }))
    local labels = portal.ids_of(must("GET", DEALS .. "/p").stages, "label")
    table.sort(labels)
    assert.same({ "A2", "C" }, labels)
    must("DELETE", DEALS .. "/p")
    assert.equal(404, (call("GET", DEALS .. "/p")))
  end)

  it("get, change and lose stages", function()
    local made = must("POST", DEALS .. "/default/stages", stage("Paid", 1, { displayOrder = 0 }))
    assert.equal(made.id, must("GET", DEALS .. "/default").stages[1].id)
    must("PATCH", DEALS .. "/default/stages/" .. made.id, { label = "Paid up" })
    local read = must("GET", DEALS .. "/default/stages/" .. made.id)
    assert.same({ "Paid up", "1.0" }, { read.label, read.metadata.probability })
    must("PUT", DEALS .. "/default/stages/" .. made.id, stage("Paid", "0.9", { displayOrder = 3 }))
    assert.equal(400, (call("PATCH", DEALS .. "/default/stages/" .. made.id, { label = "closed WON" })))
    must("DELETE", DEALS .. "/default/stages/" .. made.id)
    assert.equal(404, (call("GET", DEALS .. "/default/stages/" .. made.id)))
    assert.equal(204, (call("DELETE", DEALS .. "/nothing/stages/nothing")))
  end)

  it("tell what was done to them and their stages", function()
    local made = must("POST", "/crm/pipelines/2026-09/tickets", {
      label = "P",
      displayOrder = 1,
      stages = array {
        { label = "Open", displayOrder = 0, metadata = { ticketState = "OPEN" } },
        { label = "Done", displayOrder = 1, metadata = { ticketState = "CLOSED" } },
      },
    })
    local path = "/crm/pipelines/2026-09/tickets/" .. made.id
    must("PATCH", path, { label = "Q" })
    local audits = must("GET", path .. "/audit").results
    assert.same({ "UPDATE", "CREATE" }, { audits[1].action, audits[2].action })
    assert.same({ made.id, 99001, "Q" }, { audits[1].identifier, audits[1].portalId, audits[1].rawObject.label })
    local of_stage = path .. "/stages/" .. made.stages[1].id
    must("PATCH", of_stage, { label = "Begun" })
    audits = must("GET", of_stage .. "/audit").results
    assert.same({ 2, "Begun", "Open" }, { #audits, audits[1].rawObject.label, audits[2].rawObject.label })
    assert.same({}, must("GET", "/crm/pipelines/2026-09/tickets/0/audit").results)
    assert.equal(404, (call("GET", "/crm/pipelines/2026-09/tickets/none/audit")))
  end)

  it("in use are not deleted since 2026-09", function()
    local deal = { dealname = "D", dealstage = "closedlost" }
    local id = must("POST", "/crm/objects/2026-09/deals", { properties = deal }).id
    local status, problem = call("DELETE", DEALS .. "/default/stages/closedlost")
    assert.same({ 400, "PipelineError.STAGE_ID_IN_USE" }, { status, problem.subCategory })
    assert.same({ "[closedlost]", "[" .. id .. "]" }, { problem.context.stageIds[1], problem.context.objectIds[1] })
    assert.equal(400, (call("DELETE", DEALS .. "/default")))
    assert.equal(400, (call("DELETE", DEALS .. "/default?validateReferencesBeforeDelete=false")))
    local older = "/crm/v3/pipelines/deals/default/stages/closedlost"
    assert.equal(400, (call("DELETE", older .. "?validateReferencesBeforeDelete=true")))
    assert.equal(204, (call("DELETE", older)))
    must("DELETE", "/crm/objects/2026-09/deals/" .. id)
    must("DELETE", DEALS .. "/default")
  end)

  it("of a custom type give its records a pipeline", function()
    local schema = { name = "machines", labels = {}, primaryDisplayProperty = "hs_object_id" }
    local id = must("POST", "/crm-object-schemas/2026-09/schemas", schema).objectTypeId
    local running = { stageId = "run", label = "Running", displayOrder = 0, metadata = { state = "OPEN" } }
    must("POST", "/crm/pipelines/2026-09/" .. id, pipeline("Life", { running }, { pipelineId = "life" }))
    local properties = { hs_pipeline = "life", hs_pipeline_stage = "run" }
    assert.equal(201, (call("POST", "/crm/objects/2026-09/" .. id, { properties = properties })))
    properties.hs_pipeline_stage = "nowhere"
    assert.equal(400, (call("POST", "/crm/objects/2026-09/" .. id, { properties = properties })))
  end)
end)
