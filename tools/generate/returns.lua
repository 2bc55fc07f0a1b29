-- Return types of operations, in LuaCATS.

local returns = {}

-- By the text of the declaration; nil and an error apart.
local RETURNS = {
  ["contact"] = "hubspot.Contact",
  ["contact, true on v1"] = "hubspot.Contact|true",
  ["record"] = "hubspot.Object",
  ["record[]"] = "hubspot.Object[]",
  ["iterator of records"] = "hubspot.ObjectIterator",
  ["number of records"] = "integer",
  ["iterator of `{ id =, types = { { category =, typeId =, label = }, … } }`"] = "hubspot.AssociationIterator",
  ["list of `{ id =, to = { … } }`"] = "hubspot.AssociationsOfRecord[]",
  ["list of `{ category =, typeId =, label = }`"] = "hubspot.AssociationType[]",
  ["list of `{ category =, typeId =, userEnforcedMaxToObjectIds = }`"] = "hubspot.AssociationLimit[]",
  ["`{ results = {…}, errors = {…}, stopped_by = }`, each result and error with the `index` of its pair"] = "hubspot.AssociationsOutcome",
  ["contact[]"] = "hubspot.Contact[]",
  ["contact with `new`; on v1 `{ id =, new = }`"] = "hubspot.Contact",
  ["iterator of contacts"] = "hubspot.ContactIterator",
  ["iterator of contacts with `membershipTimestamp`"] = "hubspot.ContactIterator",
  ["`{ results = {…}, errors = {…}, stopped_by = }`, each result and error with the `index` of its record"] = "hubspot.ObjectsOutcome",
  ["`{ results = {…}, errors = {…}, stopped_by = }`, each result and error with the `index` of its id"] = "hubspot.DeletionsOutcome",
  ["`{ results = {…}, existing = {…}, errors = {…}, stopped_by = }`, each event and error with the `index` of its input"] = "hubspot.EventsOutcome",
  ["true"] = "true",
  ["property[]"] = "hubspot.Property[]",
  ["schema"] = "hubspot.Schema",
  ["schema[]"] = "hubspot.Schema[]",
  ["`{ id =, fromObjectTypeId =, toObjectTypeId =, name = }`"] = "hubspot.SchemaAssociation",
  ["property"] = "hubspot.Property",
  ["list"] = "hubspot.List",
  ["list[]"] = "hubspot.List[]",
  ["iterator of lists"] = "hubspot.ListIterator",
  ["`{ added = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`"] = "hubspot.MembershipChange",
  ["`{ removed = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`"] = "hubspot.MembershipChange",
  ["map from legacy id to list id, and the legacy ids that have none"] = "table<string, string>",
  ["list of `{ lifecycleStage =, count =, aggregation = }`"] = "hubspot.LifecycleStage[]",
  ["list of event types"] = "hubspot.EventType[]",
  ["event type"] = "hubspot.EventType",
  ["list of event type properties"] = "hubspot.EventTypeProperty[]",
  ["event type property"] = "hubspot.EventTypeProperty",
  ["timeline event"] = "hubspot.TimelineEvent",
  ["timeline event, or true where HubSpot answers with nothing"] = "hubspot.TimelineEvent|true",
  ["iterator of `{ id =, appId =, appName =, lastUpdatedTime = }`"] = "hubspot.CampaignIterator",
  ["iterator of `{ id =, appId =, appName = }`"] = "hubspot.CampaignIterator",
  ["campaign"] = "hubspot.Campaign",
  ["iterator of e-mail events"] = "hubspot.EmailEventIterator",
  ["e-mail event"] = "hubspot.EmailEvent",
  ["list of subscription types"] = "hubspot.SubscriptionType[]",
  ["`{ email =, subscriptionStatuses = { { id =, name =, status =, legalBasis =, … } }, … }`"] = "hubspot.SubscriptionStatus",
  ["as `status`"] = "hubspot.SubscriptionStatus",
  ["iterator of changes"] = "hubspot.SubscriptionChangeIterator",
  ["send result, with `sendResult` on v1, with `status` and `statusId` on the current route"] = "hubspot.SendResult",
  ["list of tokens"] = "hubspot.SmtpToken[]",
  ["token with `password`"] = "hubspot.SmtpToken",
}

--- The LuaCATS type of what an operation returns; nil and an error apart.
function returns.luacats(one)
  return RETURNS[one.declaration.returns]
    or error(("%s: RETURNS does not say what %q is in LuaCATS"):format(one.label, tostring(one.declaration.returns)))
end

return returns
