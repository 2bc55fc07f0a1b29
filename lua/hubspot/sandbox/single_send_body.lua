--- What the bodies of single sends have in common in both generations.
local core = require "hubspot.core"
local properties = require "hubspot.sandbox.properties"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local single_send_body = {}

local function given(value)
  if value == core.null then return nil end
  return value
end

function single_send_body.text(body, name)
  local value = given(body[name])
  if value ~= nil and type(value) ~= "string" then
    reply.invalid("Invalid input JSON: " .. name .. " must be a string")
  end
  return value
end

function single_send_body.texts(body, name)
  local list = {}
  for index, value in ipairs(request.list_of(body, name)) do
    if type(value) ~= "string" then reply.invalid("Invalid input JSON: " .. name .. " must be an array of strings") end
    list[index] = value
  end
  return list
end

--- The mail of a body, without what the generations write differently, and its `message`.
function single_send_body.read(body)
  local email_id, message = given(body.emailId), given(body.message)
  if type(email_id) ~= "number" or email_id ~= math.floor(email_id) then
    reply.invalid "Invalid input JSON: emailId must be an integer"
  end
  if type(message) ~= "table" or message[1] ~= nil then
    reply.invalid "Invalid input JSON: message must be an object"
  end
  local to = single_send_body.text(message, "to")
  if not to then reply.invalid "Invalid input JSON: message.to is required" end
  return {
    email_id = email_id,
    to = to,
    from = single_send_body.text(message, "from"),
    send_id = single_send_body.text(message, "sendId"),
    cc = single_send_body.texts(message, "cc"),
    bcc = single_send_body.texts(message, "bcc"),
  },
    message
end

--- Contact properties (name → value) as they are stored.
function single_send_body.contact_values(portal, changes)
  changes.email = nil
  local values, results = properties.check(portal.contacts.definitions, changes)
  if not values then reply.invalid("Property values were not valid", { validationResults = core.array(results) }) end
  return values
end

return single_send_body
