--- Events of webhooks: how HubSpot tells a receiver what happened to a record.

local webhook_events = {}

-- Types that have event types of their own; others share those of `object`.
local OWN = {
  contacts = "contact",
  companies = "company",
  deals = "deal",
  tickets = "ticket",
  line_items = "line_item",
  products = "product",
}

-- Properties to whose changes no app can subscribe.
local SILENT = { num_unique_conversion_events = true, hs_lastmodifieddate = true, lastmodifieddate = true }

local function prefix_of(object_type) return OWN[object_type.name] or "object" end

local function event_of(object_type, what, fields)
  fields.subscriptionType = prefix_of(object_type) .. "." .. what
  if fields.objectId then fields.objectTypeId = object_type.id end
  return fields
end

local SOURCES = { API = "API", IMPORT = "IMPORT", CALCULATED = "CALCULATED" }

local makers = {}

function makers.created(object_type, record)
  return event_of(object_type, "creation", { objectId = record.id, changeFlag = "CREATED", changeSource = "API" })
end

function makers.changed(object_type, record, change)
  if SILENT[change.name] then return nil end
  return event_of(object_type, "propertyChange", {
    objectId = record.id,
    propertyName = change.name,
    propertyValue = change.value,
    changeSource = SOURCES[change.source] or "API",
  })
end

function makers.deleted(object_type, record)
  return event_of(object_type, "deletion", { objectId = record.id, changeFlag = "DELETED", changeSource = "API" })
end

function makers.restored(object_type, record)
  return event_of(object_type, "restore", { objectId = record.id, changeFlag = "RESTORED", changeSource = "CRM_UI" })
end

function makers.purged(object_type, record)
  if object_type.name ~= "contacts" then return nil end
  return event_of(
    object_type,
    "privacyDeletion",
    { objectId = record.id, changeFlag = "DELETED", changeSource = "API" }
  )
end

function makers.merged(object_type, record, merge)
  return event_of(object_type, "merge", {
    objectId = merge.primary_id,
    primaryObjectId = merge.primary_id,
    mergedObjectIds = merge.merged_ids,
    newObjectId = record.id,
    numberOfPropertiesMoved = merge.moved,
    changeFlag = "MERGED",
    changeSource = "API",
  })
end

--- The event of what happened to a record: "created", "changed" (`details` are `name`, `value`, `source`), "deleted",
-- "restored", "purged", or "merged" (`primary_id`, `merged_ids`, `moved`). Gives nil where no app can subscribe to it.
function webhook_events.of_record(object_type, what, record, details) return makers[what](object_type, record, details) end

local function type_word(object_type) return object_type.singular:upper() end

--- The event of a type of association from one record to another that came, or was removed.
function webhook_events.of_association(from, to, definition, is_removed)
  return event_of(from.object_type, "associationChange", {
    associationType = type_word(from.object_type) .. "_TO_" .. type_word(to.object_type),
    fromObjectId = from.id,
    toObjectId = to.id,
    fromObjectTypeId = from.object_type.id,
    toObjectTypeId = to.object_type.id,
    associationTypeId = definition.id,
    associationCategory = definition.category,
    associationRemoved = is_removed,
    isPrimaryAssociation = definition.kind == "primary",
    changeSource = "API",
  })
end

-- Words of event types after the dot.
webhook_events.KINDS = {
  "creation",
  "deletion",
  "merge",
  "restore",
  "propertyChange",
  "associationChange",
  "privacyDeletion",
}

return webhook_events
