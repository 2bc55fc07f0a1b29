--- A contact as v1 writes it.
local core = require "hubspot.core"
local object_values = require "hubspot.sandbox.object_values"
local sensitivity = require "hubspot.sandbox.sensitivity"
local user_token = require "hubspot.sandbox.user_token"

local contact_record_v1 = {}

local array = core.array
local value_of = object_values.value

local function v1_property(contact, name, text, with_history)
  if not with_history then return { value = text } end
  local versions = {}
  for index, version in ipairs(object_values.versions(contact, name)) do
    versions[index] = {
      value = version.value,
      ["source-type"] = version.source,
      ["source-id"] = core.null,
      ["source-label"] = core.null,
      timestamp = version.timestamp,
      selected = false,
    }
  end
  return { value = text, versions = array(versions) }
end

local function v1_properties(store, contact, options)
  local names = options.properties
  if not names or #names == 0 then names = options.default_properties or object_values.valued_names(contact) end
  local shown = {}
  for _, name in ipairs(names) do
    local text = sensitivity.sees(store, name) and value_of(contact, name)
    if text then shown[name] = v1_property(contact, name, text, options.with_history) end
  end
  for _, name in ipairs(options.always or { "lastmodifieddate" }) do
    local text = not shown[name] and value_of(contact, name)
    if text then shown[name] = v1_property(contact, name, text, options.with_history) end
  end
  return shown
end

local function uuid_of(token)
  return token:gsub("^(%x%x%x%x%x%x%x%x)(%x%x%x%x)(%x%x%x%x)(%x%x%x%x)(%x+)$", "%1-%2-%3-%4-%5")
end

local function identities(contact)
  local list = {}
  local function add_email(email, is_primary)
    list[#list + 1] = {
      type = "EMAIL",
      value = email,
      timestamp = contact.created,
      ["is-primary"] = is_primary,
      source = "UNSPECIFIED",
    }
  end
  if contact.values.email then add_email(contact.values.email, true) end
  for _, email in ipairs(contact.other_emails or {}) do
    add_email(email, nil)
  end
  list[#list + 1] = {
    type = "LEAD_GUID",
    value = (uuid_of(user_token.of(contact.id))),
    timestamp = contact.created,
    source = "UNSPECIFIED",
  }
  return array(list)
end

local function identity_profile(contact, reduced)
  local profile = {
    vid = contact.id,
    ["saved-at-timestamp"] = contact.created,
    ["deleted-changed-timestamp"] = contact.archived_at or 0,
    identities = identities(contact),
  }
  if not reduced then
    profile["is-deleted"] = contact.archived_at ~= nil
    profile["is-contact"] = true
    profile["pointer-vid"] = 0
    profile["previous-vid"] = 0
    profile["linked-vids"] = array {}
  end
  return profile
end

-- Some of the made-up people came by a form and sent it twice.
local function form_submissions(store, contact, mode)
  if contact.source ~= "IMPORT" or contact.id % 4 ~= 0 or mode == "none" then return array {} end
  local token = user_token.of(contact.id)
  local function submission(number, timestamp)
    local id = uuid_of(string.format("%x%s", number, token:sub(2)))
    return {
      ["conversion-id"] = id,
      timestamp = timestamp,
      ["form-id"] = "5f4dcc3b-5aa7-65d6-1d83-27deb882cf99",
      ["portal-id"] = store.portal_id,
      ["page-url"] = "https://www.example.com/signup",
      ["page-title"] = "Sign up",
      ["page-id"] = "324527",
      title = "Sign-up form",
      ["meta-data"] = array {},
    }
  end
  local oldest, newest = submission(1, contact.created), submission(2, contact.created + 60000)
  if mode == "oldest" then
    return array { oldest }
  elseif mode == "newest" then
    return array { newest }
  end
  return array { newest, oldest }
end

local function merge_audits(contact)
  local audits = {}
  for index, audit in ipairs(contact.audits or {}) do
    audits[index] = {
      ["canonical-vid"] = contact.id,
      ["vid-to-merge"] = audit.loser_id,
      timestamp = audit.timestamp,
      ["entity-id"] = "auth:app-cookie",
      ["num-properties-moved"] = audit.moved,
      merged_from_email = audit.email and {
        value = audit.email,
        ["source-type"] = "API",
        ["source-id"] = core.null,
        ["source-label"] = core.null,
        ["source-vids"] = array { audit.loser_id },
        timestamp = audit.timestamp,
        selected = false,
      } or nil,
    }
  end
  return array(audits)
end

local function merged_vids(contact)
  local vids = {}
  for index, vid in ipairs(contact.merged or {}) do
    vids[index] = vid
  end
  return array(vids)
end

--- The profile of v1. `options`: `properties`, `default_properties`, `always` (names), `with_history`, `forms` (a
-- formSubmissionMode), `reduced` (an entry of a list or batch), `added_at` (ms), `memberships` (what `list-memberships`
-- holds, nil: left out).
function contact_record_v1.profile(store, contact, options)
  local profile = {
    vid = contact.id,
    ["canonical-vid"] = contact.id,
    ["merged-vids"] = merged_vids(contact),
    ["portal-id"] = store.portal_id,
    ["is-contact"] = true,
    ["profile-token"] = "AO_T-m" .. user_token.of(contact.id):sub(1, 16),
    ["profile-url"] = string.format("https://app.hubspot.com/contacts/%d/contact/%d", store.portal_id, contact.id),
    properties = v1_properties(store, contact, options),
    ["form-submissions"] = form_submissions(store, contact, options.forms),
    ["identity-profiles"] = array { identity_profile(contact, options.reduced) },
    ["merge-audits"] = merge_audits(contact),
    ["list-memberships"] = options.memberships,
    addedAt = options.added_at,
  }
  local company = value_of(contact, "associatedcompanyid")
  if company and not options.reduced then
    profile["associated-company"] = {
      ["company-id"] = tonumber(company),
      ["portal-id"] = store.portal_id,
      properties = { name = { value = value_of(contact, "company") or "" } },
    }
  end
  return profile
end

return contact_record_v1
