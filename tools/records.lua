-- The records that calls give, for the reference and the types. Each field: name, LuaCATS type, description; a
-- question mark after the name says that it may be nil.

return {
  {
    class = "hubspot.Contact", name = "contact", fields = {
      { "id", "string", "" },
      { "properties", "table<string, string>", "values by name; one without a value is not there" },
      { "propertiesWithHistory?", "table<string, hubspot.PropertyVersion[]>", "with the option `with_history`" },
      { "createdAt?", "string", "ISO 8601" },
      { "updatedAt?", "string", "ISO 8601" },
      { "archived?", "boolean", "" },
      { "archivedAt?", "string", "ISO 8601" },
      { "url?", "string", "its page in HubSpot" },
      { "associations?", "table", "with the option `associations`" },
      { "listMemberships?", "table[]", "with the option `list_memberships`: `listId` and times" },
      { "membershipTimestamp?", "string", "when it joined, where it is a list's member" },
      { "new?", "boolean", "whether an upsert created it" },
      { "addedAt?", "integer", "v1: milliseconds since 1970" },
      { "isContact?", "boolean", "v1" },
      { "mergedIds?", "string[]", "v1: contacts that were merged into it" },
      { "formSubmissions?", "table[]", "v1" },
      { "identityProfiles?", "table[]", "v1" },
      { "associatedCompany?", "table", "v1" },
    },
  },
  {
    class = "hubspot.PropertyVersion", name = "earlier value of a property", fields = {
      { "value", "string", "" },
      { "timestamp", "string", "ISO 8601" },
      { "sourceType?", "string", "" },
      { "sourceId?", "string", "" },
      { "sourceLabel?", "string", "" },
    },
  },
  {
    class = "hubspot.ContactInput", name = "contact to write", fields = {
      { "email?", "string", "either this" },
      { "id?", "string|integer", "or this, of a contact that exists" },
      { "properties", "table<string, string|number|boolean>", "values by name" },
    },
  },
  {
    class = "hubspot.WriteOutcome", name = "outcome of a write of many", fields = {
      { "results", "table[]", "what was written" },
      { "errors", "hubspot.Error[]", "what was not, each with the `index` of its input; with `ambiguous` where "
        .. "HubSpot's answer said nothing of it" },
      { "stopped_by?", "hubspot.Error", "what ended the call before every input was tried" },
    },
  },
  {
    class = "hubspot.Property", name = "property", fields = {
      { "name", "string", "" },
      { "label", "string", "" },
      { "type", "string", "" },
      { "fieldType", "string", "" },
      { "groupName?", "string", "" },
      { "description?", "string", "" },
      { "options?", "table[]", "of an enumeration: `label`, `value`, `displayOrder`, `hidden`" },
    },
  },
  {
    class = "hubspot.List", name = "list", fields = {
      { "listId", "string", "on v1 its v1 id" },
      { "name", "string", "" },
      { "processingType", '"MANUAL"|"DYNAMIC"|"SNAPSHOT"', "" },
      { "processingStatus?", "string", "" },
      { "objectTypeId?", "string", "" },
      { "size?", "integer", "" },
      { "createdAt?", "string", "ISO 8601" },
      { "updatedAt?", "string", "ISO 8601" },
      { "filterBranch?", "table", "with the option `include_filters`" },
      { "legacyListId?", "string", "v1" },
      { "filters?", "table[]", "v1" },
    },
  },
  {
    class = "hubspot.MembershipChange", name = "change of a list's members", fields = {
      { "added?", "string[]", "ids that were added" },
      { "removed?", "string[]", "ids that were removed" },
      { "unchanged", "string[]", "ids that were in the list already, or were not" },
      { "missing_ids", "string[]", "ids that no contact has" },
      { "missing_emails", "string[]", "addresses that no contact has" },
      { "stopped_by?", "hubspot.Error", "why a request failed behind others that did not; what they did stands above" },
      { "failed_ids?", "string[]", "with `stopped_by`: ids for which nothing was done, or it is not known" },
      { "failed_emails?", "string[]", "with `stopped_by`: the same of addresses" },
    },
  },
  {
    class = "hubspot.EventType", name = "event type", fields = {
      { "id", "string", "" },
      { "name", "string", "" },
      { "objectType", "string", "contacts, companies or deals" },
      { "headerTemplate?", "string", "" },
      { "detailTemplate?", "string", "" },
    },
  },
  {
    class = "hubspot.EventTypeProperty", name = "property of an event type", fields = {
      { "id", "string", "on the current route its name" },
      { "name", "string", "" },
      { "label", "string", "" },
      { "type", '"string"|"number"|"date"|"enumeration"', "" },
      { "options?", "{ label: string, value: string }[]", "of an enumeration" },
      { "objectPropertyName?", "string", "the contact property that the value is copied to" },
    },
  },
  {
    class = "hubspot.TimelineEvent", name = "timeline event", fields = {
      { "id?", "string", "unique among the events of its type" },
      { "eventTypeId?", "string|integer", "of a type of v1 or v3" },
      { "eventTypeName?", "string", "of a type of an application's project" },
      { "email?", "string", "" },
      { "utk?", "string", "" },
      { "objectId?", "string|integer", "" },
      { "domain?", "string", "" },
      { "timestamp?", "string|integer", "ISO 8601; where it is written also milliseconds since 1970" },
      { "properties?", "table<string, string|number|boolean>", "" },
      { "extraData?", "table", "" },
      { "timelineIFrame?", "table", "`linkLabel`, `headerLabel`, `url`, `width`, `height`" },
    },
  },
  {
    class = "hubspot.Campaign", name = "campaign", fields = {
      { "id", "string", "" },
      { "appId?", "string", "" },
      { "appName?", "string", "" },
      { "lastUpdatedTime?", "integer", "milliseconds since 1970; from `campaigns:recent`" },
      { "name?", "string", "" },
      { "subject?", "string", "" },
      { "type?", "string", "" },
      { "counters?", "table<string, integer>", "" },
    },
  },
  {
    class = "hubspot.EmailEvent", name = "e-mail event", fields = {
      { "id", "string", "" },
      { "created", "integer", "milliseconds since 1970" },
      { "type", "string", "" },
      { "recipient", "string", "" },
      { "appId?", "string", "" },
      { "emailCampaignId?", "string", "" },
    },
  },
  {
    class = "hubspot.SubscriptionType", name = "subscription type", fields = {
      { "id", "string", "" },
      { "name", "string", "" },
      { "description?", "string", "" },
      { "isActive?", "boolean", "" },
    },
  },
  {
    class = "hubspot.SubscriptionStatus", name = "subscription status", fields = {
      { "email", "string", "" },
      { "subscriptionStatuses",
        '{ id: string, name: string?, status: "SUBSCRIBED"|"UNSUBSCRIBED"|"NOT_SPECIFIED", legalBasis: string? }[]',
        "" },
      { "subscribed?", "boolean", "v1" },
      { "markedAsSpam?", "boolean", "v1" },
      { "bounced?", "boolean", "v1" },
      { "unsubscribeFromPortal?", "boolean", "v1" },
    },
  },
  {
    class = "hubspot.SubscriptionChanges", name = "changes of subscriptions", fields = {
      { "unsubscribeFromAll?", "true", "either this" },
      { "subscriptionStatuses?",
        "{ id: string|integer, subscribed: boolean, legalBasis: string?, legalBasisExplanation: string? }[]",
        "or this" },
    },
  },
  {
    class = "hubspot.SubscriptionChange", name = "change of a subscription", fields = {
      { "timestamp?", "integer", "milliseconds since 1970" },
      { "recipient", "string", "" },
      { "changes", "table[]", "" },
      { "snapshot?", "hubspot.SubscriptionStatus", "with the option `include_snapshots`" },
    },
  },
  {
    class = "hubspot.SendResult", name = "send result", fields = {
      { "sendResult?", "string", "" },
      { "status?", "string", "current route" },
      { "statusId?", "string", "current route" },
      { "eventId?", "{ id: string, created: string }", "" },
    },
  },
  {
    class = "hubspot.SmtpToken", name = "SMTP token", fields = {
      { "id", "string", "on v1 its user name" },
      { "campaignName?", "string", "" },
      { "createdAt?", "string", "ISO 8601" },
      { "createdBy?", "string", "" },
      { "emailCampaignId?", "string", "" },
      { "createContact?", "boolean", "current route" },
      { "password?", "string", "only where it is made or reset" },
    },
  },
  {
    class = "hubspot.LifecycleStage", name = "lifecycle stage", fields = {
      { "lifecycleStage", "string", "" },
      { "count", "integer", "" },
      { "aggregation?", "table", "with the option `aggregate_by`" },
    },
  },
  {
    class = "hubspot.Error", name = "error", fields = {
      { "kind", '"api"|"rate_limit"|"auth"|"timeout"|"network"|"decode"|"cancelled"|"signature"|"misuse"',
        "" },
      { "message", "string", "" },
      { "hint?", "string", "what to do" },
      { "reason?", '"missing_header"|"bad_header"|"unknown_version"|"version_not_accepted"|"bad_timestamp"|'
        .. '"too_old"|"too_new"|"mismatch"', "of `hubspot.verify_request`" },
      { "status?", "integer", "of HTTP" },
      { "category?", "string", "" },
      { "sub_category?", "string", "" },
      { "correlation_id?", "string", "for HubSpot's support" },
      { "policy_name?", "string", "of the rate limit" },
      { "errors?", "table[]", "what is wrong with each property: `message`, `code`, `name`, `index`, `context`" },
      { "existing_id?", "string", "the contact that is there already" },
      { "retry_after?", "number", "seconds" },
      { "sent?", "boolean", "false where nothing of the request was sent; only where there is no `status`" },
      { "ambiguous?", "boolean", "true where the request may have been carried out, and may have changed something" },
      { "attempts?", "integer", "" },
      { "method?", "string", "" },
      { "path?", "string", "" },
      { "body?", "string", "raw, at most 4 KiB" },
      { "index?", "integer", "of the input, in a write of many" },
    },
  },
}
