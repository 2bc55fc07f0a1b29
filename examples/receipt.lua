-- Sends the receipt of an order by e-mail, once.
--
--     receipt.lua [--write] EMAIL_ID ADDRESS ORDER TOTAL
--
-- EMAIL_ID is the id of a transactional e-mail made in HubSpot, which shows {{custom.order}} and {{custom.total}}. The
-- sendId is made of the order's number, and HubSpot sends one mail for a sendId: run this again after a failure, and
-- the customer still gets one receipt. A mail can't be called back; an unknown address becomes a contact.
--
-- On your account (HUBSPOT_TOKEN set; the token needs the scope transactional-email) it needs the flag --write to send.
-- Without HUBSPOT_TOKEN it works on the sandbox at HUBSPOT_BASE_URL, which sends nothing.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/receipt.lua 42 ada@example.org 1001 9.90

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "receipt.lua [--write] EMAIL_ID ADDRESS ORDER TOTAL"

-- The results of a mail that goes out, or went out before. Any other is the reason why it does not.
local FINE = {
  SENT = "The receipt is sent.",
  QUEUED = "The receipt is queued.",
  IDEMPOTENT_IGNORE = "The receipt of this order was sent before; nothing was sent now.",
}

local function tell(result)
  local outcome = result.sendResult
  if FINE[outcome] then return print(FINE[outcome]) end
  if not outcome and result.status ~= "CANCELED" then
    return print(("HubSpot has it in hand: %s, status id %s"):format(result.status or "?", result.statusId or "?"))
  end
  error(("Not sent: %s"):format(result.message or outcome or result.status), 0)
end

connect.run(function()
  local given = connect.arguments(USAGE, { write = false }, 4)
  local email_id, address, order, total = given[1], given[2], given[3], given[4]
  if not email_id:find "^%d+$" then error("usage: " .. USAGE, 0) end
  local client, target, is_sandbox = connect.open()
  local send_id = "receipt-" .. order
  if not is_sandbox and not given.write then
    print(("E-mail %s would go to %s by %s, with the sendId %s."):format(email_id, address, target, send_id))
    return print "Nothing was sent; the flag --write sends."
  end
  tell(check(client.transactional:send {
    emailId = email_id,
    message = { to = address, sendId = send_id },
    customProperties = { order = order, total = total },
  }))
end)
