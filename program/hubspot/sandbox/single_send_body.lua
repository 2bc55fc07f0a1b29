--- Reads the members that the bodies of single sends have in common in both generations.
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local single_send_body = {}

local given = read.given

--- The mail of a body, without what the generations write differently, and its `message`.
function single_send_body.read(body)
  local email_id, message = given(body.emailId), given(body.message)
  if type(email_id) ~= "number" or email_id ~= math.floor(email_id) then
    reply.invalid "Invalid input JSON: emailId must be an integer"
  end
  if type(message) ~= "table" or message[1] ~= nil then
    reply.invalid "Invalid input JSON: message must be an object"
  end
  local to = read.text(message, "to")
  if not to then reply.invalid "Invalid input JSON: message.to is required" end
  return {
    email_id = email_id,
    to = to,
    from = read.text(message, "from"),
    send_id = read.text(message, "sendId"),
    cc = read.texts(message, "cc"),
    bcc = read.texts(message, "bcc"),
  },
    message
end

return single_send_body
