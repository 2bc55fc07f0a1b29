--- A request on its way to HubSpot.
-- @module hubspot.request

local request = {}

--- Makes a request.
-- @tparam table fields
-- @tparam string fields.method such as `"GET"`
-- @tparam string fields.path percent-encoded, after the client's base_url
-- @tparam table fields.query flat list of names and values; once it is encoded, the request has it as `query_text`
-- @tparam ?string fields.text the body
-- @tparam ?table fields.headers the caller's, by name
-- @tparam ?string fields.operation the method's name, for hooks
-- @tparam ?string fields.route `"v1"` or `"current"`, for hooks
-- @tparam boolean fields.read whether it changes nothing
-- @tparam boolean fields.idempotent whether it may be sent twice
-- @tparam ?integer fields.done_when the status by which HubSpot says that an earlier sending was carried out
-- @tparam ?boolean fields.is_short whether its answer is one record at most
-- @tparam ?string fields.removed_hint what to do where HubSpot answers that its path is not there
-- @tparam ?string fields.credential `"developer_key"`, `"none"`, or nil for the client's token
-- @tparam ?table fields.secrets list, where the body holds some
-- @tparam ?string fields.bucket of the limiter; nil draws on none
-- @tparam ?table fields.route_facts what is known of all requests of its route: of the next ones, `bucket` is taken
--   from there
-- @tparam ?number fields.timeout seconds for one attempt
-- @tparam ?number fields.deadline seconds for the request with its retries
-- @tparam ?number fields.ends on the loop's clock, when its call has to end
-- @tparam ?table|boolean fields.retry settings, or false
-- @tparam ?function fields.before_pause function(seconds), called before each wait for another attempt
-- @treturn table `fields`, with `state`, all that sending changes: `attempts`; `uncertain`, whether a failed attempt
--   may have been carried out; `secrets`, a list of texts that must be shown nowhere; and `was_short_of_time`, whether
--   another attempt would have been made with a longer deadline
function request.new(fields)
  fields.state = { attempts = 0, uncertain = false, secrets = fields.secrets, was_short_of_time = false }
  return fields
end

return request
