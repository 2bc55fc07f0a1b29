-- Deal splits: how the owners of a deal share it. HubSpot has them by deal, all of one at a time.

local attribute = require "hubspot.batch.attribution"
local check = require "hubspot.check"
local core = require "hubspot.core"
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local shape = require "hubspot.shape.object"
local write_rows = require "hubspot.batch.write"

local GUIDE = "api-reference/latest/crm/objects/deal-splits/guide"

-- Deals of a request.
local LIMIT = 100

-- Answers ------------------------------------------------------------------------------------------------------------

local function with_splits(deal)
  deal.id = must.id(deal.id, "a deal's id")
  deal.splits = must.table(deal.splits, "a deal's splits")
  for _, split in ipairs(deal.splits) do
    shape.record(split)
  end
  return deal
end

local function deals_of(answer)
  local deals = must.table(answer.results, "the results")
  for _, deal in ipairs(deals) do
    with_splits(deal)
  end
  return { results = deals, errors = answer.errors }
end

local NAMING = {
  of_row = function(row) return { row.input.id } end,
  of_result = function(result) return { result.id } end,
}

-- Requests -----------------------------------------------------------------------------------------------------------

local read_route = {
  method = "POST",
  path = "/deal-splits/{api_version}/batch/read",
  body = { shape.batch_read_body[1] },
  batch = { over = "ids", size = LIMIT },
  idempotent = true,
  answer = function(answer, values) return shape.found_by_id(deals_of(answer), values) end,
  documentation = GUIDE,
}

local function inputs_of(rows)
  local inputs = {}
  for place, row in ipairs(rows) do
    local splits = {}
    for index, split in ipairs(row.input.splits) do
      splits[index] = { ownerId = id.number(split.ownerId), percentage = split.percentage }
    end
    inputs[place] = { id = id.number(row.input.id), splits = core.array(splits) }
  end
  return core.array(inputs)
end

local upsert_route = {
  method = "POST",
  path = "/deal-splits/{api_version}/batch/upsert",
  body = { { "inputs", from = "rows", encode = inputs_of } },
  idempotent = true,
  answer = function(answer, values, uncertain) return attribute(deals_of(answer), values.rows, NAMING, uncertain) end,
  limit = LIMIT,
}

local function upsert_many(call)
  local rows = {}
  for index, record in ipairs(call.values.records) do
    rows[index] = { index = index, input = record }
  end
  local function send(sent)
    local told, err = call:send(upsert_route, { rows = sent })
    if not told then return nil, err end
    return told.is_empty and attribute({}, sent, NAMING) or told.value
  end
  return write_rows(
    { { rows = rows, send = send, limit = upsert_route.limit } },
    function(record) return record.id end,
    call.client.loop_for_background
  )
end

-- Declarations -------------------------------------------------------------------------------------------------------

local SHARE = "a number from 0 to 1"

local share = {
  description = SHARE,
  luacats = "number",
  check = function(value, place)
    if type(value) == "number" and value >= 0 and value <= 1 then return value end
    return nil, ("%s must be %s, got %s"):format(place, SHARE, check.describe(value))
  end,
}

local split = check.fields("a split { ownerId = …, percentage = … }", {
  ownerId = { type = check.id, required = true, description = "as `hubspot_owner_id` has it" },
  percentage = { type = share, required = true, description = "the owner's share: 0.5 is half of the deal" },
}, "hubspot.NewDealSplit")

local record = check.fields("a deal { id = …, splits = { … } }", {
  id = { type = check.id, required = true, description = "of the deal" },
  splits = {
    type = check.list_of(split, "splits"),
    required = true,
    description = "all that the deal is to have: their shares add up to 1, and one is its owner's",
  },
}, "hubspot.DealToSplit")

return {
  get_many = {
    summary = "Reads the splits of any number of deals, in the order of the ids. Unknown deals are left out.",
    arguments = { { name = "ids", type = check.ids, description = "ids of the deals" } },
    returns = { list = "deal with its splits" },
    current = read_route,
  },

  upsert_many = {
    summary = "Splits any number of deals among owners. What a deal had before is replaced. A deal whose splits HubSpot "
      .. "refuses fails alone.",
    arguments = {
      {
        name = "records",
        type = check.list_of(record, "records"),
        description = "`{ id =, splits = { { ownerId =, percentage = }, … } }` each",
      },
    },
    returns = { outcome = "deal with its splits" },
    current = { run = upsert_many, requests = { upsert_route }, documentation = GUIDE },
  },
}
