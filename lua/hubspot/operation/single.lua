-- Runs calls of one request.

local answer = require "hubspot.operation.answer"
local build = require "hubspot.operation.build"
local call = require "hubspot.operation.call"
local keyed = require "hubspot.operation.keyed"
local long_read = require "hubspot.operation.long_read"
local redact = require "hubspot.request.redact"

local single = {}

-- The record with all that takes requests of its own; or nil and an error.
local function completed(self, request, record)
  local records, err = { record }, nil
  if request.is_lean then
    records, err = keyed.add_details(self, records)
  end
  if records then
    records, err = self:complete(records)
  end
  if not records then return nil, err end
  if not records[1] then return nil, redact.complete(self.client, long_read.gone_error(), request) end
  return records[1]
end

--- Runs a call.
-- @tparam table self
-- @tparam ?table built its request, where it was made before
-- @return what the operation returns
function single.run(self, built)
  local request, message = build.first(self, self.route, self.values, nil, built)
  if not request then return nil, call.invalid(message) end
  local given, err = answer.exchange_as_wanted(self, self.route, request, self.values)
  if not given then return nil, err end
  local result = given:result()
  if type(result) ~= "table" or not (request.is_lean or self:has_more_to_read()) then return result end
  return completed(self, request, result)
end

return single
