--- The query parameters that v1 takes wherever it gives contacts.
local core = require "hubspot.core"
local request = require "hubspot.sandbox.request"

local read_options = {}

local LISTED = { "firstname", "lastname", "company", "lastmodifieddate" }
local SINGLE = { "lastmodifieddate", "associatedcompanyid" }

local function history_wanted(req, default) return (request.text(req, "propertyMode") or default) == "value_and_history" end

-- HubSpot stopped telling memberships when it removed the lists of v1; the key stayed.
local function memberships_of(portal, contact)
  local memberships = {}
  if portal.options.v1_lists then
    for index, item in ipairs(portal.lists:of_record("0-1", contact.id)) do
      memberships[index] = {
        ["static-list-id"] = item.list.legacy_id,
        ["internal-list-id"] = item.list.internal_id,
        timestamp = item.membership.last,
        vid = contact.id,
        ["is-member"] = true,
      }
    end
  end
  return core.array(memberships)
end

--- Of the profile of one contact.
function read_options.single(portal, req, contact)
  local memberships = core.array {}
  if request.boolean(req, "showListMemberships") ~= false then memberships = memberships_of(portal, contact) end
  return {
    properties = request.texts(req, "property"),
    always = SINGLE,
    with_history = history_wanted(req, "value_and_history"),
    memberships = memberships,
    forms = request.text(req, "formSubmissionMode") or "all",
  }
end

--- Of batches and searches.
function read_options.several(req)
  return {
    properties = request.texts(req, "property"),
    with_history = history_wanted(req, "value_only"),
    reduced = true,
    forms = request.text(req, "formSubmissionMode") or "newest",
  }
end

--- Of lists of contacts, which give four properties unless more are asked for.
function read_options.listed(req)
  local options = read_options.several(req)
  options.default_properties = LISTED
  return options
end

--- The page size; what exceeds the largest is cut to it.
function read_options.count(req, default, largest)
  local count = request.integer(req, "count") or default
  if count < 1 then return default end
  return math.min(count, largest)
end

return read_options
