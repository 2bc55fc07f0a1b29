-- Errors: their fields are a record's, in tools/records.lua.

return {
  title = "Errors",
  guide = "errors",
  text = [[
A call returns its value, or nil and an error. The error is a table; `tostring(err)` is one text with all that helps:
HubSpot's message, its details, the request and the correlation id. No field holds a token.

Wrong arguments are thrown, as strings that name the method and the argument.

| `kind` | what happened | sent again by itself |
|---|---|---|
| `"api"` | HubSpot refused the request (400, 404, 409, …), or failed (5xx) | failures, as [retries](retries.md) say |
| `"auth"` | 401 or 403: the token, or a scope that it lacks | a 401 once, where another token is available |
| `"rate_limit"` | 429 that outlasted the retries, or of the daily limit | yes, but not the daily limit |
| `"network"` | no connection, or one that broke | as retries say |
| `"timeout"` | no answer within `timeout`, or nothing done by the `deadline` | as retries say |
| `"decode"` | an answer that is not JSON, or not what HubSpot documents | no |
| `"cancelled"` | the client was closed | no |
| `"misuse"` | the host can't wait at this place, as in some phases of nginx | no |
| `"signature"` | from `hubspot.verify_request`: HubSpot did not sign it; `reason` says what is wrong | no |]],
}
