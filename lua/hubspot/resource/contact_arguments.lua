-- Arguments that the operations of contacts have in common.

local check = require "hubspot.check"

return {
  email = { name = "email", type = check.email, description = "an e-mail address of the contact" },
  utk = { name = "utk", type = check.segment, description = "the visitor's token, from the cookie hubspotutk" },
}
