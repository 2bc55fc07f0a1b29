--- Batches of associations: each input by itself.
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"

local association_batch = {}

local array = core.array

local function id_text(object)
  local id = read.is_object(object) and read.given(object.id)
  return tostring(id or "")
end

-- An input is the two ends of an association, or the record whose associations are asked for.
local function context_of(input)
  if not read.is_object(input) then return {} end
  if read.given(input.id) then return { fromObjectId = array { id_text(input) } } end
  return { fromObjectId = array { id_text(input.from) }, toObjectId = array { id_text(input.to) } }
end

--- Applies `apply(input)`, which gives a result, or nil and the problem, to each input. Gives the results
-- and the errors.
function association_batch.each(inputs, apply)
  local results, errors = {}, {}
  for _, input in ipairs(inputs) do
    local result, problem = apply(input)
    if result then
      results[#results + 1] = result
    else
      errors[#errors + 1] = batch_reply.error(problem, context_of(input))
    end
  end
  return results, errors
end

return association_batch
