---@meta hubspot
-- Made from the declarations by `make generate`: change those, not this.

---@class hubspot.Object
---@field id string
---@field properties table<string, string> values by name; one without a value is not there
---@field propertiesWithHistory? table<string, hubspot.PropertyVersion[]> with the option `with_history`
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field archived? boolean
---@field archivedAt? string ISO 8601
---@field url? string its page in HubSpot
---@field associations? table<string, hubspot.AssociatedRecord[]> with the option `associations`: by type; a list that HubSpot cut off has `has_more`
---@field listMemberships? table<string, any>[] with the option `list_memberships`: `listId` and times
---@field membershipTimestamp? string when it joined, where it is a list's member
---@field mergedIds? string[] ids of records that were merged into it, where it was asked for by one of them
---@field new? boolean whether an upsert created it

---@class hubspot.Change
---@field op "upsert"|"archive"|"merge" created or changed; archived; or merged into another record
---@field id string of the record
---@field record? hubspot.Object as it is, of an upsert; of an archived one with the time of its last change
---@field into? string id of the record that it was merged into

---@class hubspot.AssociatedRecord
---@field id string
---@field types string[] such as `contact_to_company`

---@class hubspot.Contact : hubspot.Object
---@field addedAt? integer v1: milliseconds since 1970
---@field isContact? boolean v1
---@field formSubmissions? table<string, any>[] v1
---@field identityProfiles? table<string, any>[] v1
---@field associatedCompany? table<string, any> v1

---@class hubspot.PropertyVersion
---@field value string
---@field timestamp string ISO 8601
---@field sourceType? string
---@field sourceId? string
---@field sourceLabel? string

---@class hubspot.ObjectsOutcome
---@field results hubspot.WrittenObject[] what was written, each with the `index` of its input
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.WrittenObject : hubspot.Object
---@field index integer of its input

---@class hubspot.ObjectToUpsert
---@field id? string|integer of a record that exists
---@field properties table<string, string|number|boolean|string[]> values by name
---@field [string] string|integer the value of the property that the option `by` names

---@class hubspot.DeletionsOutcome
---@field results { id: string, index: integer }[] what was deleted
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.NewAssociation
---@field to { id: string|integer }
---@field types { associationCategory: string, associationTypeId: integer }[]

---@class hubspot.FilterGroup
---@field filters hubspot.Filter[] at most 6

---@class hubspot.Filter
---@field propertyName string
---@field operator string `EQ`, `NEQ`, `LT`, `LTE`, `GT`, `GTE`, `BETWEEN`, `IN`, `NOT_IN`, `HAS_PROPERTY`, `NOT_HAS_PROPERTY`, `CONTAINS_TOKEN` or `NOT_CONTAINS_TOKEN`
---@field value? string|number|boolean
---@field highValue? string|number of `BETWEEN`
---@field values? (string|number)[] of `IN` and `NOT_IN`

---@class hubspot.Association
---@field id string of the record that it leads to
---@field types hubspot.AssociationType[]

---@class hubspot.AssociationType
---@field category string `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`
---@field typeId integer unique among those of its category and direction
---@field label? string

---@class hubspot.AssociationsOfRecord
---@field id string
---@field to hubspot.Association[]

---@class hubspot.AssociationLimit
---@field category string
---@field typeId integer
---@field label? string of the type
---@field userEnforcedMaxToObjectIds? integer how many records one may be associated with

---@class hubspot.AssociationLimitsOutcome
---@field results hubspot.WrittenAssociationLimit[] what was written, each with the `index` of its input
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.WrittenAssociationLimit : hubspot.AssociationLimit
---@field index integer of its input

---@class hubspot.AssociationsOutcome
---@field results { from: string, to: string, index: integer }[] the pairs that were written
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.Property
---@field name string
---@field label string
---@field type string
---@field fieldType string
---@field groupName? string
---@field description? string
---@field options? { label: string, value: string, displayOrder: integer?, hidden: boolean? }[] of an enumeration

---@class hubspot.PropertiesOutcome
---@field results hubspot.WrittenProperty[] what was created, each with the `index` of its input
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.WrittenProperty : hubspot.Property
---@field index integer of its input

---@class hubspot.PropertyDeletionsOutcome
---@field results { name: string, index: integer }[] what was archived
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.PropertyGroup
---@field name string
---@field label string
---@field displayOrder? integer
---@field archived? boolean

---@class hubspot.Pipeline
---@field id string
---@field label string
---@field displayOrder? integer
---@field stages hubspot.Stage[]
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field archived? boolean

---@class hubspot.Stage
---@field id string
---@field label string
---@field displayOrder? integer
---@field metadata? table<string, string> such as `probability` of deals
---@field writePermissions? string
---@field archived? boolean

---@class hubspot.SplitDeal
---@field id string of the deal
---@field splits hubspot.Object[] each with the properties `hubspot_owner_id` and `hs_deal_split_percentage`

---@class hubspot.SplitDealsOutcome
---@field results hubspot.WrittenSplitDeal[] what was written, each with the `index` of its input
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.WrittenSplitDeal : hubspot.SplitDeal
---@field index integer of its input

---@class hubspot.Owner
---@field id string
---@field type? "PERSON"|"QUEUE"
---@field email? string
---@field firstName? string
---@field lastName? string
---@field userId? string of an active one
---@field userIdIncludingInactive? string
---@field teams? { id: string, name: string, primary: boolean }[]
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field archived? boolean

---@class hubspot.Schema
---@field id string
---@field objectTypeId string such as `2-3465404`
---@field fullyQualifiedName string such as `p99001_machines`
---@field name string
---@field labels { singular: string, plural: string }
---@field description? string
---@field primaryDisplayProperty? string
---@field secondaryDisplayProperties? string[]
---@field requiredProperties? string[]
---@field searchableProperties? string[]
---@field properties? hubspot.Property[]
---@field associations? hubspot.SchemaAssociation[]
---@field archived? boolean

---@class hubspot.SchemaAssociation
---@field id string
---@field fromObjectTypeId string
---@field toObjectTypeId string
---@field name? string

---@class hubspot.List
---@field listId string on v1 its v1 id
---@field name string
---@field processingType "MANUAL"|"DYNAMIC"|"SNAPSHOT"
---@field processingStatus? string
---@field objectTypeId? string
---@field size? integer
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field filterBranch? hubspot.FilterBranch with the option `include_filters`
---@field legacyListId? string v1
---@field filters? table[][] v1

---@class hubspot.MembershipChange
---@field added? string[] ids that were added
---@field removed? string[] ids that were removed
---@field unchanged string[] ids that were in the list already, or were not
---@field missing_ids string[] ids that no record has
---@field missing_emails string[] addresses that no contact has
---@field stopped_by? hubspot.Error why a request failed after others succeeded; the fields above say what those did
---@field failed_ids? string[] with `stopped_by`: ids for which nothing was done, or it is not known
---@field failed_emails? string[] with `stopped_by`: the same of addresses

---@class hubspot.AccountDetails
---@field portalId string
---@field accountType "STANDARD"|"DEVELOPER_TEST"|"SANDBOX"|"APP_DEVELOPER"
---@field timeZone string such as `US/Eastern`
---@field utcOffset string such as `-04:00`
---@field utcOffsetMilliseconds integer
---@field companyCurrency string such as `USD`
---@field additionalCurrencies string[]
---@field uiDomain string of its pages, such as `app.hubspot.com`
---@field dataHostingLocation string such as `na1`

---@class hubspot.AccountLimit
---@field of "requests"|"records"|"custom-object-types"|"custom-properties"|"calculated-properties"|"pipelines"|"association-labels" what is limited
---@field usage integer
---@field limit? integer not where types share one, whose row has no `objectTypeId`
---@field percentage? number of the limit that is used, as HubSpot counts it
---@field objectTypeId? string where it is a limit of one type; of labels, the type they lead from
---@field toObjectTypeId? string of labels, the type they lead to
---@field label? string what HubSpot calls the type, or the app whose requests are counted
---@field resetsAt? string of requests: when counting begins again, ISO 8601

---@class hubspot.TokenInfo
---@field hubId string the account
---@field scopes string[]
---@field userId? string who made it, or installed the app
---@field appId? string
---@field expiresIn? integer seconds, of an app's access token

---@class hubspot.FilterBranch
---@field filterBranchType "OR"|"AND"|"ASSOCIATION"|"UNIFIED_EVENTS" the outermost is `OR`, and its branches are `AND`
---@field filterBranches? hubspot.FilterBranch[]
---@field filters? table<string, any>[] such as `{ filterType = "PROPERTY", property =, operation = { … } }`

---@class hubspot.EventsOutcome
---@field results hubspot.TimelineEvent[] what was written, each with the `index` of its input
---@field existing hubspot.TimelineEvent[] whose ids HubSpot had already: it took none of them again
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.EventType
---@field id string
---@field name string
---@field objectType string contacts, companies or deals
---@field headerTemplate? string
---@field detailTemplate? string

---@class hubspot.EventTypeProperty
---@field id string on the current route its name
---@field name string
---@field label string
---@field type "string"|"number"|"date"|"enumeration"
---@field options? { label: string, value: string }[] of an enumeration
---@field objectPropertyName? string the contact property that the value is copied to

---@class hubspot.TimelineEvent
---@field id? string unique among the events of its type
---@field eventTypeId? string|integer of a type of v1 or v3
---@field eventTypeName? string of a type of an application's project
---@field email? string
---@field utk? string
---@field objectId? string|integer
---@field domain? string
---@field timestamp? string|integer ISO 8601; where it is written also milliseconds since 1970
---@field properties? table<string, string|number|boolean|string[]>
---@field extraData? table<string, any>
---@field timelineIFrame? hubspot.TimelineFrame

---@class hubspot.Campaign
---@field id string
---@field appId? string
---@field appName? string
---@field lastUpdatedTime? integer milliseconds since 1970; from `campaigns:recent`
---@field name? string
---@field subject? string
---@field type? string
---@field counters? table<string, integer>

---@class hubspot.EmailEvent
---@field id string
---@field created integer milliseconds since 1970
---@field type string
---@field recipient string
---@field appId? string
---@field emailCampaignId? string

---@class hubspot.SubscriptionType
---@field id string
---@field name string
---@field description? string
---@field isActive? boolean

---@class hubspot.SubscriptionStatus
---@field email string
---@field subscriptionStatuses { id: string, name: string?, status: "SUBSCRIBED"|"UNSUBSCRIBED"|"NOT_SPECIFIED", legalBasis: string? }[]
---@field subscribed? boolean v1
---@field markedAsSpam? boolean v1
---@field bounced? boolean v1
---@field unsubscribeFromPortal? boolean v1

---@class hubspot.SubscriptionChange
---@field timestamp? integer milliseconds since 1970
---@field recipient string
---@field changes { change: string, subscriptionId: string?, source: string? }[]
---@field snapshot? hubspot.SubscriptionStatus with the option `include_snapshots`

---@class hubspot.SendResult
---@field sendResult? string v1
---@field status? string current route
---@field statusId? string current route
---@field eventId? { id: string, created: string }

---@class hubspot.SmtpToken
---@field id string on v1 its user name
---@field campaignName? string
---@field createdAt? string ISO 8601
---@field createdBy? string
---@field emailCampaignId? string
---@field createContact? boolean current route
---@field password? string only where it is made or reset

---@class hubspot.LifecycleStage
---@field lifecycleStage string
---@field count integer
---@field aggregation? table<string, any> with the option `aggregate_by`

---@class hubspot.Error
---@field kind "api"|"rate_limit"|"auth"|"timeout"|"network"|"decode"|"cancelled"|"signature"|"misuse"
---@field message string
---@field hint? string what to do
---@field reason? "missing_header"|"bad_header"|"unknown_version"|"version_not_accepted"|"bad_timestamp"|"too_old"|"too_new"|"mismatch" of `hubspot.verify_request`
---@field status? integer of HTTP
---@field category? string
---@field sub_category? string
---@field correlation_id? string for HubSpot's support
---@field policy_name? string of the rate limit
---@field errors? hubspot.ErrorDetail[] what is wrong with each property: `message`, `code`, `name`, `index`, `context`
---@field existing_id? string the contact that is there already
---@field retry_after? number seconds
---@field sent? boolean false where nothing of the request was sent; only where there is no `status`
---@field ambiguous? boolean true where the request may have been carried out, and may have changed something
---@field attempts? integer
---@field method? string
---@field path? string
---@field body? string raw, at most 4 KiB
---@field index? integer of the input, in a write of many

---@class hubspot.ErrorDetail
---@field message? string
---@field code? string
---@field name? string of the property
---@field index? integer of the input, in a write of many
---@field context? table<string, any>

---@class hubspot.ObjectToCreate
---@field associations? hubspot.NewAssociation[]|table<string, (string|integer|{ id: string|integer, labels: string[]? })[]> records to associate it with
---@field properties table<string, string|number|boolean|string[]> values by name

---@class hubspot.ObjectToUpdate
---@field id string|integer of a record that exists
---@field properties table<string, string|number|boolean|string[]> values by name

---@class hubspot.ContactInput
---@field email? string either this
---@field id? string|integer or this, of a contact that exists
---@field properties table<string, string|number|boolean|string[]> values by name

---@class hubspot.NewDealSplit
---@field ownerId string|integer as `hubspot_owner_id` has it
---@field percentage number the owner's share: 0.5 is half of the deal

---@class hubspot.DealToSplit
---@field id string|integer of the deal
---@field splits (hubspot.NewDealSplit)[] all that the deal is to have: their shares add up to 1, and one is its owner's

---@class hubspot.AssociationLabelToCreate
---@field inverseLabel? string what it shows on the other side; the same when left out
---@field label string what HubSpot shows
---@field name string unique in the account, and never changed

---@class hubspot.AssociationLimitToWrite
---@field category "HUBSPOT_DEFINED"|"USER_DEFINED"|"INTEGRATOR_DEFINED"|"WORK"|string who made it
---@field maxToObjectIds integer how many records one may be associated with by this type
---@field typeId integer its id

---@class hubspot.AssociationSpec
---@field category "HUBSPOT_DEFINED"|"USER_DEFINED"|"INTEGRATOR_DEFINED"|"WORK"|string who made it
---@field typeId integer its id

---@class hubspot.LabelledAssociationPair
---@field from string|integer id of the record that it leads from
---@field labels? (string)[] labels of the association
---@field to string|integer id of the record that it leads to
---@field types? (hubspot.AssociationSpec)[] its types, in place of labels or besides

---@class hubspot.AssociationPair
---@field from string|integer id of the record that it leads from
---@field to string|integer id of the record that it leads to

---@class hubspot.AssociationLabelChanges
---@field inverseLabel? string what it shows on the other side; `label` when left out
---@field label string what HubSpot shows

---@class hubspot.PropertyDefinition
---@field calculationFormula? string of a calculated one
---@field currencyPropertyName? string the property that has its currency
---@field dataSensitivity? "non_sensitive"|"sensitive"|"highly_sensitive"|string for good
---@field description? string
---@field displayOrder? integer its place in the group; -1 is the last
---@field externalOptions? boolean whether its options are HubSpot's
---@field fieldType "text"|"textarea"|"html"|"file"|"phonenumber"|"number"|"booleancheckbox"|"select"|"radio"|"checkbox"|"date"|"calculation_equation"|string of the field that shows it
---@field formField? boolean whether forms may have it
---@field groupName string name of its group
---@field hasUniqueValue? boolean whether no two records may have one value, for good
---@field hidden? boolean whether HubSpot hides it
---@field label string shown for it
---@field name string its internal name, for good
---@field numberDisplayHint? string how a number is shown
---@field options? (hubspot.PropertyOption)[] of an enumeration; an update replaces them all
---@field referencedObjectType? string "OWNER", for good
---@field showCurrencySymbol? boolean whether it is shown with the account's currency
---@field textDisplayHint? string how a text is shown
---@field type "string"|"number"|"bool"|"enumeration"|"date"|"datetime"|"phone_number"|string of its values

---@class hubspot.PropertyGroupDefinition
---@field displayOrder? integer its place among the groups; -1 is the last
---@field label string shown for it
---@field name string its internal name

---@class hubspot.PropertyChanges
---@field calculationFormula? string of a calculated one
---@field currencyPropertyName? string the property that has its currency
---@field description? string
---@field displayOrder? integer its place in the group; -1 is the last
---@field externalOptions? boolean whether its options are HubSpot's
---@field fieldType? "text"|"textarea"|"html"|"file"|"phonenumber"|"number"|"booleancheckbox"|"select"|"radio"|"checkbox"|"date"|"calculation_equation"|string of the field that shows it
---@field formField? boolean whether forms may have it
---@field groupName? string name of its group
---@field hidden? boolean whether HubSpot hides it
---@field label? string shown for it
---@field numberDisplayHint? string how a number is shown
---@field options? (hubspot.PropertyOption)[] of an enumeration; an update replaces them all
---@field showCurrencySymbol? boolean whether it is shown with the account's currency
---@field textDisplayHint? string how a text is shown
---@field type? "string"|"number"|"bool"|"enumeration"|"date"|"datetime"|"phone_number"|string of its values

---@class hubspot.PropertyGroupChanges
---@field displayOrder? integer its place among the groups; -1 is the last
---@field label? string shown for it

---@class hubspot.PipelineDefinition
---@field displayOrder? integer its place; the first when left out
---@field label string unique among those of the type, in any case
---@field pipelineId? string its id, for good; HubSpot makes one when left out
---@field stages (hubspot.StageDefinition)[] in their order

---@class hubspot.StageDefinition
---@field displayOrder? integer its place
---@field label string unique in the pipeline, in any case
---@field metadata? table<string, string|number|boolean|string[]> `probability` of deals, `ticketState` of tickets, `state` of an account's own types
---@field stageId? string its id, for good; HubSpot makes one when left out

---@class hubspot.PipelineReplacement
---@field displayOrder? integer its place; the first when left out
---@field label string unique among those of the type, in any case
---@field stages (hubspot.StageDefinition)[] in their order

---@class hubspot.PipelineChanges
---@field displayOrder? integer its place
---@field label? string unique among those of the type, in any case

---@class hubspot.StageChanges
---@field displayOrder? integer its place
---@field label? string unique in the pipeline, in any case
---@field metadata? table<string, string|number|boolean|string[]> `probability` of deals, `ticketState` of tickets, `state` of an account's own types

---@class hubspot.SchemaLabels
---@field plural string for several
---@field singular string for one record

---@class hubspot.SchemaDefinition
---@field associatedObjects? (string)[] types to associate it with
---@field description? string
---@field labels hubspot.SchemaLabels what HubSpot calls records of the type
---@field name string for good
---@field primaryDisplayProperty string the property by which a record is shown, one of `properties`
---@field properties? hubspot.PropertyDefinition[] definitions of its properties, as `properties:create` takes them
---@field requiredProperties? (string)[] properties that a new record must have
---@field searchableProperties? (string)[] properties that a search by text looks at
---@field secondaryDisplayProperties? (string)[] at most two that are shown with it

---@class hubspot.SchemaAssociationToCreate
---@field fromObjectTypeId string id of a type
---@field name? string unique in the account
---@field toObjectTypeId string id of a type

---@class hubspot.SchemaChanges
---@field description? string
---@field labels? hubspot.SchemaLabels what HubSpot calls records of the type
---@field primaryDisplayProperty? string the property by which a record is shown
---@field requiredProperties? (string)[] properties that a new record must have
---@field searchableProperties? (string)[] properties that a search by text looks at
---@field secondaryDisplayProperties? (string)[] at most two that are shown with it

---@class hubspot.ListMembers
---@field emails? (string)[] contacts by address, in a list of contacts
---@field ids? (string|integer)[] ids of records

---@class hubspot.ListDefinition
---@field customProperties? table<string, string|number|boolean|string[]> properties of the list by name (only on current)
---@field dynamic? boolean whether filters decide who is in it (only on v1)
---@field filterBranch? hubspot.FilterBranch the filters, as HubSpot's documentation spells them (only on current)
---@field filters? table[][] a list (or) of lists (and) of filters (only on v1)
---@field listFolderId? string|integer the folder to put it in (only on current)
---@field listPermissions? table<string, any> who may edit it (only on current)
---@field membershipSettings? table<string, any> team of its members (only on current)
---@field name? string unique among the account's lists
---@field objectTypeId? string the id of that type, in its place: "0-1" is contacts (only on current)
---@field object_type? string the type of its records; contacts when left out (only on current)
---@field processingType? "MANUAL"|"DYNAMIC"|"SNAPSHOT" MANUAL where there is no filterBranch (only on current)

---@class hubspot.ListChanges
---@field dynamic? boolean whether filters decide who is in it (only on v1)
---@field filterBranch? hubspot.FilterBranch the filters, as HubSpot's documentation spells them (only on current)
---@field filters? table[][] a list (or) of lists (and) of filters (only on v1)
---@field name? string unique among the account's lists

---@class hubspot.EventTypeDefinition
---@field detailTemplate? string what is shown on request, in Handlebars and Markdown
---@field headerTemplate? string one line, in Handlebars
---@field name string
---@field objectType? "contacts"|"companies"|"deals"|"tickets"|"CONTACT"|"COMPANY"|"DEAL"|"TICKET"|string the type of the objects that have its events; contacts when left out

---@class hubspot.PropertyOption
---@field label string
---@field value string

---@class hubspot.EventTypePropertyDefinition
---@field label string
---@field name string not log or lookup, which templates use
---@field objectPropertyName? string the contact property that the value is copied to
---@field options? (hubspot.PropertyOption)[] of an enumeration
---@field type "string"|"number"|"date"|"enumeration"|string

---@class hubspot.EventTypeChanges
---@field detailTemplate? string what is shown on request, in Handlebars and Markdown
---@field headerTemplate? string one line, in Handlebars
---@field name? string

---@class hubspot.EventTypePropertyChanges
---@field id? string|integer of the property; v1 goes by it
---@field label string
---@field name string not log or lookup, which templates use
---@field objectPropertyName? string the contact property that the value is copied to
---@field options? (hubspot.PropertyOption)[] of an enumeration
---@field type "string"|"number"|"date"|"enumeration"|string

---@class hubspot.TimelineFrame
---@field headerLabel? string
---@field height? integer in pixels
---@field iframeLabel? string v1's name of headerLabel
---@field iframeUri? string v1's name of url
---@field linkLabel? string
---@field url? string
---@field width? integer in pixels

---@class hubspot.TimelineEventInput
---@field domain? string
---@field email? string
---@field eventTypeId? string|integer of a type of v1 or v3
---@field eventTypeName? string the full name of a type of an application's project
---@field extraData? table<string, any> any JSON, for the templates
---@field id? string yours, unique among the events of the type
---@field objectId? string|integer
---@field properties? table<string, string|number|boolean|string[]> values of the type's properties by name
---@field timelineIFrame? hubspot.TimelineFrame a page to show, and the link to it
---@field timestamp? integer|string when it happened; when HubSpot gets it, if left out
---@field utk? string

---@class hubspot.SubscriptionChoice
---@field id string|integer of the subscription type
---@field legalBasis? "LEGITIMATE_INTEREST_PQL"|"LEGITIMATE_INTEREST_CLIENT"|"PERFORMANCE_OF_CONTRACT"|"CONSENT_WITH_NOTICE"|"NON_GDPR" on which the address is written to
---@field legalBasisExplanation? string
---@field subscribed boolean

---@class hubspot.SubscriptionChanges
---@field portalSubscriptionLegalBasis? "LEGITIMATE_INTEREST_PQL"|"LEGITIMATE_INTEREST_CLIENT"|"PERFORMANCE_OF_CONTRACT"|"CONSENT_WITH_NOTICE"|"NON_GDPR"  (only on v1)
---@field portalSubscriptionLegalBasisExplanation? string  (only on v1)
---@field subscriptionStatuses? (hubspot.SubscriptionChoice)[]
---@field unsubscribeFromAll? boolean true unsubscribes from everything, for good

---@class hubspot.SmtpTokenDefinition
---@field campaignName string of the campaign that mails are counted for
---@field createContact boolean whether recipients become contacts (only on current)
---@field createdBy string the e-mail address of its maker (only on v1)

---@class hubspot.SingleSendMessage
---@field bcc? string|string[]
---@field cc? string|string[]
---@field from? string such as "Shop <shop@example.com>"; else the template's
---@field replyTo? string|string[]
---@field sendId? string HubSpot sends one mail for an id, however often it is asked
---@field to string one address

---@class hubspot.SingleSend
---@field contactProperties? table<string, string|number|boolean|string[]> to set on the contact, by name
---@field customProperties? table<string, any> for the template's own fields, by name
---@field emailId string|integer of the e-mail made in HubSpot
---@field message hubspot.SingleSendMessage its addresses

---@class hubspot.RetryOptions
---@field base_delay? number seconds before the second attempt, at most; 0.5 when left out
---@field max_attempts? integer 5 when left out
---@field max_delay? number seconds between two attempts, at most; 20 when left out

---@class hubspot.ClientRetryOptions
---@field base_delay? number seconds before the second attempt, at most; 0.5 when left out
---@field budget? integer repeats that failures may cost until they count as an outage; 50 when left out
---@field max_attempts? integer 5 when left out
---@field max_delay? number seconds between two attempts, at most; 20 when left out

---@class hubspot.Crypto
---@field hmac_sha256 function
---@field sha256 function

---@class hubspot.RequestToVerify
---@field body? string of the request, byte for byte; none when left out
---@field client_secret string of the app, from its Auth settings
---@field crypto? hubspot.Crypto luaossl, lua-resty-openssl or OpenResty's resty.sha256 when left out
---@field headers table<string, string> of the request, by name in any case
---@field method string of the request, such as "POST"
---@field now? integer|string what time it is; the system's when left out
---@field url string with scheme, host and query, as the app's settings have it: behind a proxy the server sees another
---@field versions? ("v1"|"v2"|"v3")[] of signatures to accept; all when left out. Only v3 tells when it was made: what is signed by v1 or v2 can be replayed at any time

---@class hubspot.ClientOptions
---@field token? string|fun(): string?, any a service key or private-app token, or a function that returns it; not needed with `oauth`, a `developer_key` or a sandbox
---@field oauth? hubspot.OAuthSettings instead of a token: an app's, renewed before they end
---@field api_version? "2026-09"|"2026-03"|"v1" "2026-09" or "2026-03", or `"v1"` for HubSpot's first wire format; `"2026-09"` when left out
---@field base_url? string may have a path, for a proxy; `"https://api.hubapi.com"` when left out
---@field allow_insecure? boolean true lets `base_url` be plain `http` to another machine, where everybody on the way reads the token; `false` when left out
---@field timeout? number seconds for one attempt; `30` when left out
---@field connect_timeout? number seconds to connect; `10` when left out
---@field deadline? number seconds for a request with all its retries and waits; `120` when left out
---@field retry? hubspot.ClientRetryOptions|false how often and how fast; false for never; `{ max_attempts = 5, base_delay = 0.5, max_delay = 20, budget = 50 }` when left out
---@field limiter? hubspot.Limiter|false keeps within HubSpot's quota; false for none; one for each token, in this process when left out
---@field loop? "plain"|"ngx"|"cqueues"|"luv"|"frame"|hubspot.Loop how to wait; one of your own is shared by the clients that are given it; that of the host (`"ngx"`; `"cqueues"` where it is loaded; else `"plain"`) when left out
---@field transport? hubspot.Portal|fun(request: hubspot.TransportRequest): hubspot.TransportResponse?, any a sandbox, or a function; libcurl when left out
---@field user_agent? string appended to the library's own
---@field proxy? string URL of a proxy, which may hold a user and a password
---@field ca_file? string certificates to trust instead of the system's
---@field max_response_bytes? integer a larger answer is an error; 64 MiB when left out
---@field application_id? string|integer whose timeline events are meant, where a call does not say
---@field developer_key? string for managing event types, in place of the token; sent as `hapikey`
---@field user_id? string|integer sent beside the developer key, as `userId`
---@field portal_id? string|integer sent where v1 takes `portalId`
---@field on? hubspot.Hooks functions called at its events: `request`, `response`, `retry`, `throttle`, `fallback`

---@class hubspot.Hooks
---@field request? fun(event: hubspot.HookEvent) before an attempt
---@field response? fun(event: hubspot.HookEvent) after it: with `seconds`, and `status` or `error`
---@field retry? fun(event: hubspot.HookEvent) before the wait for another attempt: with `wait` and `error`
---@field throttle? fun(event: hubspot.HookEvent) before a wait for the rate limit: with `wait` and `bucket`
---@field fallback? fun(event: hubspot.HookEvent) where a parallel read continues one page at a time: with `operation` and `reason`

---@class hubspot.HookEvent
---@field operation? string such as `contacts:get`; nil for `client:request`
---@field route? "v1"|"current"
---@field method? string
---@field path? string without the query
---@field attempt? integer 1 for the first
---@field seconds? number of the attempt
---@field status? integer of HubSpot's answer
---@field error? hubspot.Error
---@field wait? number seconds
---@field bucket? "general"|"search"|"exempt" which of HubSpot's limits
---@field reason? string of a fallback

---@class hubspot.RequestOptions
---@field method "GET"|"POST"|"PUT"|"PATCH"|"DELETE"|"HEAD"
---@field path string percent-encoded where needed
---@field query? table<string, any> values, or lists of values, by name
---@field body? any sent as JSON
---@field headers? table<string, string>
---@field idempotent? boolean whether it may be sent twice
---@field timeout? number seconds for one attempt
---@field deadline? number seconds for the call with its retries and waits
---@field retry? hubspot.RetryOptions|false
---@field undecoded? boolean true gives `{ status =, headers =, body = }`, the body byte for byte

---@class hubspot.TransportRequest
---@field method string
---@field url string
---@field headers table<string, string>
---@field body? string
---@field timeout number seconds

---@class hubspot.TransportResponse
---@field status integer
---@field headers table<string, string> names in lower case
---@field body? string

---@class hubspot.OAuthSettings
---@field client_id string of the app
---@field client_secret string
---@field refresh_token string of the account
---@field access_token? string where one is at hand
---@field expires_at? number when it ends, in seconds since 1970
---@field on_refresh? fun(tokens: hubspot.OAuthTokens) is given what to store
---@field share? hubspot.OAuthShare lets several processes renew together

---@class hubspot.OAuthTokens
---@field access_token string
---@field refresh_token string
---@field expires_at number seconds since 1970
---@field expires_in number seconds
---@field hub_id? integer the account, from `exchange_code`

---@class hubspot.AuthorizeUrlOptions
---@field client_id string of the app
---@field redirect_uri string where HubSpot sends the user back, with `code` and `state` in the query
---@field scopes string[]
---@field optional_scopes? string[] asked for where the account has them
---@field state? string comes back untouched: compare it, so that nobody can bring in a code of their own
---@field base_url? string `https://app.hubspot.com` when left out

---@class hubspot.ExchangeCodeOptions : hubspot.ClientOptions
---@field client_id string of the app
---@field client_secret string
---@field redirect_uri string the same as in the URL
---@field code string is good once
---@field code_verifier? string of PKCE

---@class hubspot.TokenOptions : hubspot.ClientOptions
---@field client_id string of the app
---@field client_secret string
---@field token string
---@field token_type? "access_token"|"refresh_token" HubSpot finds out when left out

---@class hubspot.TokenStatus
---@field active boolean false for a token that ended; then there are no other fields
---@field hub_id? integer the account
---@field hub_domain? string
---@field user_id? integer who installed the app
---@field user? string their e-mail address
---@field app_id? integer
---@field client_id? string
---@field scopes? string[]
---@field token_use? "access_token"|"refresh_token"
---@field expires_in? integer seconds, of an access token

---@class hubspot.OAuthShare
---@field read fun(): hubspot.SharedTokens?, any what was stored and is good still; nil where nothing is
---@field lock fun(seconds: number): any, any something that stands for the lock; false where another one has it; nil and an error
---@field extend fun(lock: any, seconds: number) keeps the lock for a pause
---@field write fun(tokens: hubspot.SharedTokens): true?, any stores tokens for `renew_in` seconds
---@field unlock fun(lock: any) gives the lock back, unless another one has it by now

---@class hubspot.SharedTokens
---@field access_token string
---@field refresh_token string
---@field renew_in number seconds until it is to be renewed

---@class hubspot.RedisShareOptions : hubspot.RedisOptions
---@field name string of the account whose token it is

---@class hubspot.Limiter
---@field acquire fun(bucket: string, patience: number, ticket: any): number?, any takes a permit and returns 0; or seconds to wait and a ticket to ask with again; or nil and a message
---@field observe fun(bucket: string, headers: table<string, string>) learns from an answer's headers
---@field refused fun(bucket: string, seconds: number) closes a bucket after a 429

---@class hubspot.RedisOptions
---@field connect? fun(): any makes a connection, of lua-redis for example
---@field client? any a connection, or a function that sends a command

---@class hubspot.FileLimiterOptions
---@field path string of a file that only these processes may write
---@field fallback? boolean true keeps to the quota in this process alone while the limiter can't be reached

---@class hubspot.NginxLimiterOptions
---@field dict string name of the `lua_shared_dict`
---@field name? string of the account: those with one name share one quota; `"default"` when left out
---@field fallback? boolean true keeps to the quota in this process alone while the limiter can't be reached

---@class hubspot.RedisLimiterOptions : hubspot.RedisOptions
---@field name? string of the account: those with one name share one quota; `"default"` when left out
---@field fallback? boolean true keeps to the quota in this process alone while the limiter can't be reached

---@class hubspot.Loop
local loop = {}

--- Closes the connections.
function loop:close() end

---@class hubspot.FrameLoop : hubspot.Loop
local frame_loop = {}

--- Continues what is ready, without waiting; call it once a frame. Throws what a coroutine that it resumed threw.
function frame_loop:step() end

---@class hubspot.Fixtures
---@field owners? table<string, any>[] instead of those that a portal has: `id`, `userId`, `email`, `firstName`, `lastName`, `archived`
---@field schemas? table<string, any>[] custom types, as `client:request` creates them
---@field properties? table<string, table<string, any>[]> definitions, by the type of records
---@field pipelines? table<string, table<string, any>[]> pipelines with their stages, by the type of records
---@field needs? table<string, string[]> properties that the account's form for a new record needs, by the type: they bind since 2026-09
---@field labels? table<string, string>[] of associations: `from`, `to`, `name`, `label`, `inverseLabel`
---@field association_limits? table<string, any>[] `from`, `to`, `maxToObjectIds`, and a `label`, or `category` and `typeId`
---@field records? table<string, table<string, any>[]> by their type: `id`, `properties`, and `associations`, which are lists of ids by type, or of `{ id=, labels= }`
---@field sandbox? integer of an export: its format
---@field options? hubspot.PortalOptions of an export: those of its portal
---@field state? table<string, any> of an export: all that was in its portal

---@class hubspot.PortalOptions
---@field contacts? integer how many made-up contacts there are
---@field companies? integer how many made-up companies
---@field deals? integer how many made-up deals
---@field tickets? integer how many made-up tickets
---@field tasks? integer how many made-up tasks
---@field notes? integer how many made-up notes
---@field calls? integer how many made-up calls
---@field meetings? integer how many made-up meetings
---@field emails? integer how many made-up emails
---@field products? integer how many made-up products
---@field line_items? integer how many made-up line items
---@field leads? integer how many made-up leads
---@field fixtures? hubspot.Fixtures what else the portal has
---@field seed? integer the same seed makes the same contacts
---@field portal_id? integer the account's id; 99001 when left out
---@field contacts_changed_at? integer milliseconds since 1970: when all made-up contacts were changed last, as by a job that stamps each
---@field first_id? integer the id of the first made-up contact; 4127 when left out
---@field ids_sorted_as_texts? boolean true makes search sort ids as texts, 10 before 9; its filters compare numbers
---@field clock? integer milliseconds since 1970 at the start; the present when left out
---@field quota? { limit: integer, seconds: number } more requests are refused; none when left out
---@field search_quota? { limit: integer, seconds: number } the same of searches
---@field search_lag? number seconds until search sees what was written
---@field search_ceiling? integer how many results of a search can be paged through; 10,000 when left out
---@field kept_requests? integer how many requests the portal keeps; 1,000 when left out
---@field keeps_primary_id? boolean true keeps the primary contact's id in a merge, which else gives a new one
---@field token? string the only bearer token that is accepted; any when left out
---@field tokens? { token: string, scopes: string[]? }[] further ones, each with scopes of its own
---@field oauth_apps? { client_id: string, client_secret: string }[] apps that get tokens for any code
---@field scopes? string[] the granted ones; all when left out
---@field developer_key? string the only developer API key that is accepted; any when left out
---@field oauth? { client_id: string?, client_secret: string?, refresh_token: string?, code: string?, redirect_uri: string?, expires_in: number? } an app; with it, only access tokens that it got are accepted, and `token`
---@field campaigns? integer how many made-up e-mail campaigns there are
---@field email_events? integer how many made-up e-mail events there are
---@field event_types? (string|{ name: string, objectType: string?, properties: { name: string, type: string? }[]? })[] timeline events that are known by name; one without properties takes any
---@field subscription_types? { id: integer, name: string, description: string?, active: boolean? }[] what addresses can subscribe to
---@field webhooks? { url: string, client_secret: string, events: string[]? } where a server sends signed events, such as contact.creation, deal.* and contact.propertyChange:email; all without `events`
---@field v1_lists? boolean true brings back the v1 list endpoints that HubSpot removed on 2026-04-30

---@class hubspot.Fault
---@field kind string one of the table above
---@field times? integer how many requests it strikes; 1 when left out
---@field after? integer how many requests that it fits pass first
---@field method? string strikes requests of this method only
---@field path? string a part of their path; `^` is its beginning, `$` its end, `*` anything
---@field status? integer
---@field body? string
---@field policy? "DAILY"|"TEN_SECONDLY_ROLLING"|"SECONDLY"
---@field retry_after? number seconds
---@field seconds? number
---@field indexes? integer[] from 1
---@field together? boolean true: one error names all inputs that fail
---@field nameless? boolean true: the error names none

---@class hubspot.PortalRecord
---@field type string such as `contacts`, or a custom type's id
---@field id integer|string
---@field properties? table<string, string> values by name

---@class hubspot.RecordedRequest
---@field method string
---@field path string
---@field query string
---@field headers table<string, string>
---@field body? string
---@field done? integer the status that carrying it out gave; nil where a fault kept it from that
---@field number integer rising by one from request to request
---@field at integer the portal's time when it came
---@field ms number how long it took
---@field status? integer of its answer; nil where there was none
---@field answer? { status: integer, headers: table<string, string>, body: string }
---@field fault? string the kind of the fault that struck it
---@field nearest_route? { method: string, path: string }

---@class hubspot.RequestsOptions
---@field after? integer only those after this number
---@field limit? integer at most so many
---@field summary? boolean true: without headers and bodies

---@class hubspot.RecordsOptions
---@field query? string free text, as search takes it
---@field after? string of the page before
---@field limit? integer 50 when left out
---@field archived? boolean true: the archived ones
---@field properties? string[]

---@class hubspot.Quota
---@field limit integer
---@field seconds number

---@class hubspot.Quotas
---@field general { limit: integer, seconds: number, used: integer, refused: integer, enforced: boolean }
---@field search { limit: integer, seconds: number, used: integer, refused: integer, enforced: boolean }
---@field daily { limit: integer, used: integer }

---@class hubspot.Portal
---@overload fun(request: hubspot.TransportRequest): hubspot.TransportResponse?, any
local portal = {}

--- Asks for a fault, at the next request that it fits.
---@param fault hubspot.Fault
function portal:fault(fault) end

--- Forgets all faults that did not strike yet.
function portal:clear_faults() end

--- The faults that did not strike as often as they were asked to.
---@return hubspot.Fault[]
function portal:waiting_faults() end

--- The last requests as they came, the oldest first, without tokens.
---@param options? hubspot.RequestsOptions
---@return hubspot.RecordedRequest[]
function portal:requests(options) end

--- One of these by its number, or nil; with `nearest_route` where there is none for it.
---@param number integer
---@return hubspot.RecordedRequest?
function portal:request(number) end

--- The number of the last request; 0 before the first.
---@return integer
function portal:last_request() end

--- Forgets the requests.
function portal:clear_requests() end

--- The seconds that search waits for writes.
---@return number
function portal:search_lag() end

--- The portal's time, in milliseconds since 1970.
---@return integer
function portal:time() end

--- Moves the portal's clock ahead.
---@param seconds number
function portal:advance(seconds) end

--- Brings an archived record back, with its associations; the time of its last change does not move.
---@param which hubspot.PortalRecord
function portal:restore(which) end

--- Deletes a record for good, live or archived, as a request for privacy and 90 days in the bin do.
---@param which hubspot.PortalRecord
function portal:purge(which) end

--- Sets properties that HubSpot calculates; the time of the record's last change does not move.
---@param which hubspot.PortalRecord with `properties`
function portal:set_calculated(which) end

--- Sets the seconds that search waits for what is written from here on.
---@param seconds number
function portal:set_search_lag(seconds) end

--- Starts over, with these options, or with those that the portal was made with.
---@param options? hubspot.PortalOptions
function portal:reset(options) end

--- The account's id.
---@return string
function portal:id() end

--- Whether a token is one that the portal was given, or that its app got.
---@param token string
---@return boolean
function portal:knows_token(token) end

--- Whether a refresh token is one that the portal's app holds.
---@param token string
---@return boolean
function portal:knows_refresh_token(token) end

--- The next delivery of webhooks, signed; nil where none is due. A server delivers by itself.
---@return { url: string, method: string, headers: table<string, string>, body: string }?
function portal:due_webhook() end

--- Tells how a receiver answered such a delivery; without a status it gave none.
---@param delivery table<string, any>
---@param status? integer
function portal:answer_webhook(delivery, status) end

--- The webhooks that wait, those in flight, those to be sent again, and the last outcomes.
---@return table<string, any>
function portal:webhook_state() end

--- All that is in the portal, without credentials: the `fixtures` of one that gives the same answers.
---@return hubspot.Fixtures
function portal:export() end

--- Starts over as the portal was made, with some options changed.
---@param changes? hubspot.PortalOptions
function portal:restart(changes) end

--- Starts over with these fixtures. An export brings its own options.
---@param fixtures hubspot.Fixtures
function portal:reset_to(fixtures) end

--- Both buckets now, what they refused, and what the day has.
---@return hubspot.Quotas
function portal:quotas() end

--- Changes quotas; false refuses nothing.
---@param quotas { general: hubspot.Quota|false|nil, search: hubspot.Quota|false|nil }
function portal:set_quotas(quotas) end

--- The routes of HubSpot's that the portal has.
---@return { method: string, path: string }[]
function portal:known_routes() end

--- The types of records, those with records first.
---@return { name: string, id: string, count: integer, archived: integer, merges: boolean }[]
function portal:record_types() end

--- A page of the records of a type.
---@param type string
---@param options? hubspot.RecordsOptions
---@return { total: integer, results: table<string, any>[], after: string? }
function portal:records(type, options) end

--- A record with all that it has: values, their history, associations, merged ids.
---@param type string
---@param id string|integer
---@return table<string, any>
function portal:record(type, id) end

--- Writes properties of a record.
---@param type string
---@param id string|integer
---@param properties table<string, any>
---@return table<string, any>
function portal:edit_record(type, id, properties) end

--- Archives a record.
---@param type string
---@param id string|integer
function portal:archive_record(type, id) end

--- Merges another record into a record.
---@param type string
---@param id string|integer
---@param other_id string|integer
---@return table<string, any>
function portal:merge_records(type, id, other_id) end

--- The lists of contacts.
---@return { id: string, name: string, type: string, processing_type: string, size: integer }[]
function portal:contact_lists() end

--- A page of the members of a list.
---@param id string|integer
---@param options? { after: string?, limit: integer? }
---@return { total: integer, results: table<string, any>[], after: string? }
function portal:list_members(id, options) end

---@class hubspot.ContactIterator
---@overload fun(): hubspot.Contact?
local contact_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Contact? nil at the end, and on an error
---@return hubspot.Error?
function contact_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Contact[]?
function contact_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function contact_iterator:cursor() end

---@class hubspot.ChangeIterator
---@overload fun(): hubspot.Change?
local change_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Change? nil at the end, and on an error
---@return hubspot.Error?
function change_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Change[]?
function change_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function change_iterator:cursor() end

---@class hubspot.ObjectIterator
---@overload fun(): hubspot.Object?
local object_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Object? nil at the end, and on an error
---@return hubspot.Error?
function object_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Object[]?
function object_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function object_iterator:cursor() end

---@class hubspot.AssociationIterator
---@overload fun(): hubspot.Association?
local association_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Association? nil at the end, and on an error
---@return hubspot.Error?
function association_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Association[]?
function association_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function association_iterator:cursor() end

---@class hubspot.OwnerIterator
---@overload fun(): hubspot.Owner?
local owner_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Owner? nil at the end, and on an error
---@return hubspot.Error?
function owner_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Owner[]?
function owner_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function owner_iterator:cursor() end

---@class hubspot.ListIterator
---@overload fun(): hubspot.List?
local list_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.List? nil at the end, and on an error
---@return hubspot.Error?
function list_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.List[]?
function list_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function list_iterator:cursor() end

---@class hubspot.CampaignIterator
---@overload fun(): hubspot.Campaign?
local campaign_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.Campaign? nil at the end, and on an error
---@return hubspot.Error?
function campaign_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.Campaign[]?
function campaign_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function campaign_iterator:cursor() end

---@class hubspot.EmailEventIterator
---@overload fun(): hubspot.EmailEvent?
local email_event_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.EmailEvent? nil at the end, and on an error
---@return hubspot.Error?
function email_event_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.EmailEvent[]?
function email_event_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function email_event_iterator:cursor() end

---@class hubspot.SubscriptionChangeIterator
---@overload fun(): hubspot.SubscriptionChange?
local subscription_change_iterator = {}

--- The next record: nil at the end, nil and an error where its page could not be read.
---@return hubspot.SubscriptionChange? nil at the end, and on an error
---@return hubspot.Error?
function subscription_change_iterator:next() end

--- Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.
---@return fun(): hubspot.SubscriptionChange[]?
function subscription_change_iterator:pages() end

--- Where to resume: the option `cursor` of the same call continues after the last record that was given.
---@return string? nil where nothing is left
function subscription_change_iterator:cursor() end

---@class hubspot.CallOptions
---@field deadline? number seconds for the whole call, with all its requests, retries and waits; of an iterator for each step
---@field headers? table<string, string> header values by name
---@field raw? boolean true gives HubSpot's decoded answer untouched; from several requests, a list of them
---@field retry? hubspot.RetryOptions|false retry settings of this call, or false
---@field timeout? number seconds for one attempt

---@class hubspot.PagingOptions : hubspot.CallOptions
---@field cursor? string resume from what `it:cursor()` gave, in a call with the same arguments and options but for those that say how much is read at once and what comes with each record. It is checked, not signed: an application that hands one out has to sign it
---@field max? integer stop after this many records
---@field page_size? integer records a request; by default the route's maximum

---@class hubspot.Contacts.AllOptions : hubspot.PagingOptions
---@field archived? boolean true reads deleted records (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field ordered? boolean true gives the records in the order of their ids where several pages are read at a time
---@field parallel? integer pages read at the same time: 1 when left out
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.ChangesOptions : hubspot.PagingOptions
---@field all_archived? boolean true gives all records that HubSpot keeps as archived, not only those archived since
---@field known? function function(ids) that returns, by id, when records that the caller has were changed last, in milliseconds since 1970: those that are still the same are left out
---@field overlap? number|string how long before the end of the last window a window begins, since HubSpot's search may tell of a change late: seconds, or a text such as `5m`; `1h` when left out
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string where to begin without a cursor: milliseconds since 1970, or ISO 8601; the overlap before the present when left out

---@class hubspot.Contacts.CountOptions : hubspot.CallOptions
---@field filter_groups? hubspot.FilterGroup[] filterGroups, as HubSpot's documentation spells them
---@field query? string a text that the records have, as `search` takes it

---@class hubspot.Contacts.CreateOptions : hubspot.CallOptions
---@field associations? hubspot.NewAssociation[]|table<string, (string|integer|{ id: string|integer, labels: string[]? })[]> records to associate it with (only on current)

---@class hubspot.Contacts.CreateManyOptions : hubspot.CallOptions

---@class hubspot.Contacts.DeleteOptions : hubspot.CallOptions

---@class hubspot.Contacts.DeleteManyOptions : hubspot.CallOptions

---@class hubspot.Contacts.GdprDeleteOptions : hubspot.CallOptions

---@class hubspot.Contacts.GdprDeleteByOptions : hubspot.CallOptions

---@class hubspot.Contacts.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetByOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field associations? (string)[] types of records whose associations to read
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetByEmailOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetByUtkOptions : hubspot.CallOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field include_deleted? boolean true gives deleted contacts too (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyByOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyByEmailOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field include_deleted? boolean true gives deleted contacts too (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyByUtkOptions : hubspot.CallOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read
---@field include_deleted? boolean true gives deleted contacts too
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.LifecycleStagesOptions : hubspot.CallOptions
---@field aggregate_by? string an enumeration of at most 20 options to count by, too
---@field from integer|string the time's beginning
---@field to integer|string the time's end

---@class hubspot.Contacts.MergeOptions : hubspot.CallOptions

---@class hubspot.Contacts.RecentlyCreatedOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601
---@field with_history? true|string[] earlier values too: of all properties, or of these (only on v1)

---@class hubspot.Contacts.RecentlyUpdatedOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601
---@field with_history? true|string[] earlier values too: of all properties, or of these (only on v1)

---@class hubspot.Contacts.SearchOptions : hubspot.PagingOptions
---@field filter_groups? hubspot.FilterGroup[] filterGroups, as HubSpot's documentation spells them (only on current)
---@field list_memberships? boolean true reads the lists that the record is in (only on current)
---@field order? "asc"|"desc" the direction of the sort
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field sort? string a property to sort by

---@class hubspot.Contacts.UpdateOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpdateByOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpdateByEmailOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpdateManyOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpsertOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpsertByOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpsertManyOptions : hubspot.CallOptions
---@field audit_id? string names the source of the change (only on v1)
---@field by? string the unique property by which records without an id are known; email when left out (only on current)

---@class hubspot.Contacts
local contacts = {}

--- Iterates over all contacts, in the order of their ids; with `parallel`, by parts unless `ordered`.
---@param options? hubspot.Contacts.AllOptions
---@return hubspot.ContactIterator
function contacts:all(options) end

--- Iterates over what happened to contacts since `since`, or since the end of the call that the cursor is of: records created or changed, archived, and merged. Its cursor at the end is where the next call goes on. Each change comes at least once; it may come again until the overlap has passed, unless `known` tells of it.
---@param options? hubspot.Contacts.ChangesOptions
---@return hubspot.ChangeIterator
function contacts:changes(options) end

--- Counts the contacts that a search finds; all of them without options.
---@param options? hubspot.Contacts.CountOptions
---@return integer?
---@return hubspot.Error?
function contacts:count(options) end

--- Creates a contact. One with the same e-mail address is a conflict; the error has its `existing_id`.
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.CreateOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:create(properties, options) end

--- Creates any number of contacts. A record that HubSpot refuses fails alone; none is sent twice where it may have been created: its error has `ambiguous`.
---@param records (hubspot.ObjectToCreate)[] `{ properties = { … } }` each
---@param options? hubspot.Contacts.CreateManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function contacts:create_many(records, options) end

--- Deletes one contact.
---@param id string|integer id of the contact
---@param options? hubspot.Contacts.DeleteOptions
---@return true?
---@return hubspot.Error?
function contacts:delete(id, options) end

--- Deletes any number of contacts by their ids. An id that HubSpot refuses fails alone; one that it does not know counts as deleted.
---@param ids (string|integer)[] ids of contacts
---@param options? hubspot.Contacts.DeleteManyOptions
---@return hubspot.DeletionsOutcome?
---@return hubspot.Error?
function contacts:delete_many(ids, options) end

--- Deletes one contact for good, by its id, as privacy laws want it. HubSpot takes up to 30 days for it.
---@param id string|integer id of the contact
---@param options? hubspot.Contacts.GdprDeleteOptions
---@return true?
---@return hubspot.Error?
function contacts:gdpr_delete(id, options) end

--- Deletes one contact for good, by the value of a unique property, as privacy laws want it. HubSpot takes up to 30 days for it.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param options? hubspot.Contacts.GdprDeleteByOptions
---@return true?
---@return hubspot.Error?
function contacts:gdpr_delete_by(property, value, options) end

--- Reads one contact by its id.
---@param id string|integer id of the contact
---@param options? hubspot.Contacts.GetOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:get(id, options) end

--- Reads one contact by the value of a unique property.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param options? hubspot.Contacts.GetByOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:get_by(property, value, options) end

--- Reads one contact by its e-mail address.
---@param email string an e-mail address of the contact
---@param options? hubspot.Contacts.GetByEmailOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:get_by_email(email, options) end

--- Reads one contact by a visitor's token.
---@param utk string the visitor's token, from the cookie hubspotutk
---@param options? hubspot.Contacts.GetByUtkOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:get_by_utk(utk, options) end

--- Reads any number of contacts by their ids. Unknown ones are left out.
---@param ids (string|integer)[] ids of contacts
---@param options? hubspot.Contacts.GetManyOptions
---@return hubspot.Contact[]?
---@return hubspot.Error?
function contacts:get_many(ids, options) end

--- Reads any number of contacts by their values of a unique property. Unknown ones are left out.
---@param property string the name of a property whose values are unique
---@param values (string|integer)[] its values
---@param options? hubspot.Contacts.GetManyByOptions
---@return hubspot.Contact[]?
---@return hubspot.Error?
function contacts:get_many_by(property, values, options) end

--- Reads any number of contacts by their e-mail addresses. Unknown ones are left out.
---@param emails (string)[] the contacts' e-mail addresses
---@param options? hubspot.Contacts.GetManyByEmailOptions
---@return hubspot.Contact[]?
---@return hubspot.Error?
function contacts:get_many_by_email(emails, options) end

--- Reads any number of contacts by visitors' tokens. Unknown ones are left out.
---@param utks (string)[] the visitors' tokens
---@param options? hubspot.Contacts.GetManyByUtkOptions
---@return hubspot.Contact[]?
---@return hubspot.Error?
function contacts:get_many_by_utk(utks, options) end

--- Counts the contacts that entered each lifecycle stage in a time of at most two years.
---@param options hubspot.Contacts.LifecycleStagesOptions
---@return hubspot.LifecycleStage[]?
---@return hubspot.Error?
function contacts:lifecycle_stages(options) end

--- Merges the second contact into the first. The id of the one that stays may be another than both.
---@param primary_id string|integer the contact that stays
---@param secondary_id string|integer the contact that goes into it
---@param options? hubspot.Contacts.MergeOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:merge(primary_id, secondary_id, options) end

--- Iterates over contacts, the latest created first.
---@param options? hubspot.Contacts.RecentlyCreatedOptions
---@return hubspot.ContactIterator
function contacts:recently_created(options) end

--- Iterates over contacts, the latest updated or created first; on v1 of the last 30 days.
---@param options? hubspot.Contacts.RecentlyUpdatedOptions
---@return hubspot.ContactIterator
function contacts:recently_updated(options) end

--- Iterates over the contacts that match a text, by id unless `sort` says otherwise. It gives all of them; in an order of one's own, and with 6 filters in a group or 18 in all, HubSpot gives the first 10,000, and then it ends with an error.
---@param query string in names, e-mail addresses, telephone numbers and companies; an empty text matches all
---@param options? hubspot.Contacts.SearchOptions
---@return hubspot.ContactIterator
function contacts:search(query, options) end

--- Updates one contact by its id. An empty value clears its property.
---@param id string|integer id of the contact
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpdateOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:update(id, properties, options) end

--- Updates one contact by the value of a unique property. An empty value clears its property.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpdateByOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:update_by(property, value, properties, options) end

--- Updates one contact by its e-mail address. An empty value clears its property.
---@param email string an e-mail address of the contact
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpdateByEmailOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:update_by_email(email, properties, options) end

--- Updates any number of contacts by their ids. A record that HubSpot refuses fails alone.
---@param records (hubspot.ObjectToUpdate)[] `{ id =, properties = { … } }` each
---@param options? hubspot.Contacts.UpdateManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function contacts:update_many(records, options) end

--- Creates one contact, or updates the one with this e-mail address. `new` says which.
---@param email string an e-mail address of the contact
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpsertOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:upsert(email, properties, options) end

--- Creates one contact, or updates the one with this value of a unique property. `new` says which.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpsertByOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:upsert_by(property, value, properties, options) end

--- Creates or updates any number of contacts. A record that HubSpot refuses fails alone.
---@param records (hubspot.ContactInput|hubspot.ObjectToUpsert)[] `{ email = or id =, properties = { … } }` each, or with the key that `by` names; one with an id must exist
---@param options? hubspot.Contacts.UpsertManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function contacts:upsert_many(records, options) end

---@class hubspot.Objects.AllOptions : hubspot.PagingOptions
---@field archived? boolean true reads deleted records
---@field associations? (string)[] types of records whose associations to read
---@field list_memberships? boolean true reads the lists that the record is in
---@field ordered? boolean true gives the records in the order of their ids where several pages are read at a time
---@field parallel? integer pages read at the same time: 1 when left out
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Objects.ChangesOptions : hubspot.PagingOptions
---@field all_archived? boolean true gives all records that HubSpot keeps as archived, not only those archived since
---@field known? function function(ids) that returns, by id, when records that the caller has were changed last, in milliseconds since 1970: those that are still the same are left out
---@field overlap? number|string how long before the end of the last window a window begins, since HubSpot's search may tell of a change late: seconds, or a text such as `5m`; `1h` when left out
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string where to begin without a cursor: milliseconds since 1970, or ISO 8601; the overlap before the present when left out

---@class hubspot.Objects.CountOptions : hubspot.CallOptions
---@field filter_groups? hubspot.FilterGroup[] filterGroups, as HubSpot's documentation spells them
---@field query? string a text that the records have, as `search` takes it

---@class hubspot.Objects.CreateOptions : hubspot.CallOptions
---@field associations? hubspot.NewAssociation[]|table<string, (string|integer|{ id: string|integer, labels: string[]? })[]> records to associate it with

---@class hubspot.Objects.CreateManyOptions : hubspot.CallOptions

---@class hubspot.Objects.DeleteOptions : hubspot.CallOptions

---@class hubspot.Objects.DeleteManyOptions : hubspot.CallOptions

---@class hubspot.Objects.GdprDeleteOptions : hubspot.CallOptions

---@class hubspot.Objects.GdprDeleteByOptions : hubspot.CallOptions

---@class hubspot.Objects.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field associations? (string)[] types of records whose associations to read
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Objects.GetByOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field associations? (string)[] types of records whose associations to read
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Objects.GetManyOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Objects.GetManyByOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted records
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Objects.MergeOptions : hubspot.CallOptions

---@class hubspot.Objects.RecentlyCreatedOptions : hubspot.PagingOptions
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601

---@class hubspot.Objects.RecentlyUpdatedOptions : hubspot.PagingOptions
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601

---@class hubspot.Objects.SearchOptions : hubspot.PagingOptions
---@field filter_groups? hubspot.FilterGroup[] filterGroups, as HubSpot's documentation spells them
---@field list_memberships? boolean true reads the lists that the record is in
---@field order? "asc"|"desc" the direction of the sort
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field sort? string a property to sort by

---@class hubspot.Objects.UpdateOptions : hubspot.CallOptions

---@class hubspot.Objects.UpdateByOptions : hubspot.CallOptions

---@class hubspot.Objects.UpdateManyOptions : hubspot.CallOptions

---@class hubspot.Objects.UpsertByOptions : hubspot.CallOptions

---@class hubspot.Objects.UpsertManyOptions : hubspot.CallOptions
---@field by? string the unique property by which records without an id are known

---@class hubspot.Objects
local objects = {}

--- Iterates over all records, in the order of their ids; with `parallel`, by parts unless `ordered`.
---@param options? hubspot.Objects.AllOptions
---@return hubspot.ObjectIterator
function objects:all(options) end

--- Iterates over what happened to records since `since`, or since the end of the call that the cursor is of: records created or changed, archived, and merged. Its cursor at the end is where the next call goes on. Each change comes at least once; it may come again until the overlap has passed, unless `known` tells of it.
---@param options? hubspot.Objects.ChangesOptions
---@return hubspot.ChangeIterator
function objects:changes(options) end

--- Counts the records that a search finds; all of them without options.
---@param options? hubspot.Objects.CountOptions
---@return integer?
---@return hubspot.Error?
function objects:count(options) end

--- Creates one record.
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Objects.CreateOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:create(properties, options) end

--- Creates any number of records. A record that HubSpot refuses fails alone; none is sent twice where it may have been created: its error has `ambiguous`.
---@param records (hubspot.ObjectToCreate)[] `{ properties = { … } }` each
---@param options? hubspot.Objects.CreateManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function objects:create_many(records, options) end

--- Deletes one record.
---@param id string|integer id of the record
---@param options? hubspot.Objects.DeleteOptions
---@return true?
---@return hubspot.Error?
function objects:delete(id, options) end

--- Deletes any number of records by their ids. An id that HubSpot refuses fails alone; one that it does not know counts as deleted.
---@param ids (string|integer)[] ids of records
---@param options? hubspot.Objects.DeleteManyOptions
---@return hubspot.DeletionsOutcome?
---@return hubspot.Error?
function objects:delete_many(ids, options) end

--- Deletes one record for good, by its id, as privacy laws want it. HubSpot takes up to 30 days for it.
---@param id string|integer id of the record
---@param options? hubspot.Objects.GdprDeleteOptions
---@return true?
---@return hubspot.Error?
function objects:gdpr_delete(id, options) end

--- Deletes one record for good, by the value of a unique property, as privacy laws want it. HubSpot takes up to 30 days for it.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param options? hubspot.Objects.GdprDeleteByOptions
---@return true?
---@return hubspot.Error?
function objects:gdpr_delete_by(property, value, options) end

--- Reads one record by its id.
---@param id string|integer id of the record
---@param options? hubspot.Objects.GetOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:get(id, options) end

--- Reads one record by the value of a unique property.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param options? hubspot.Objects.GetByOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:get_by(property, value, options) end

--- Reads any number of records by their ids. Unknown ones are left out.
---@param ids (string|integer)[] ids of records
---@param options? hubspot.Objects.GetManyOptions
---@return hubspot.Object[]?
---@return hubspot.Error?
function objects:get_many(ids, options) end

--- Reads any number of records by their values of a unique property. Unknown ones are left out.
---@param property string the name of a property whose values are unique
---@param values (string|integer)[] its values
---@param options? hubspot.Objects.GetManyByOptions
---@return hubspot.Object[]?
---@return hubspot.Error?
function objects:get_many_by(property, values, options) end

--- Merges the second record into the first. The id of the one that stays may be another than both.
---@param primary_id string|integer the record that stays
---@param secondary_id string|integer the record that goes into it
---@param options? hubspot.Objects.MergeOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:merge(primary_id, secondary_id, options) end

--- Iterates over records, the latest created first.
---@param options? hubspot.Objects.RecentlyCreatedOptions
---@return hubspot.ObjectIterator
function objects:recently_created(options) end

--- Iterates over records, the latest updated or created first.
---@param options? hubspot.Objects.RecentlyUpdatedOptions
---@return hubspot.ObjectIterator
function objects:recently_updated(options) end

--- Iterates over the records that match a text, by id unless `sort` says otherwise. It gives all of them; in an order of one's own, and with 6 filters in a group or 18 in all, HubSpot gives the first 10,000, and then it ends with an error.
---@param query string in the properties that HubSpot searches; an empty text matches all
---@param options? hubspot.Objects.SearchOptions
---@return hubspot.ObjectIterator
function objects:search(query, options) end

--- Updates one record by its id. An empty value clears its property.
---@param id string|integer id of the record
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Objects.UpdateOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:update(id, properties, options) end

--- Updates one record by the value of a unique property. An empty value clears its property.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Objects.UpdateByOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:update_by(property, value, properties, options) end

--- Updates any number of records by their ids. A record that HubSpot refuses fails alone.
---@param records (hubspot.ObjectToUpdate)[] `{ id =, properties = { … } }` each
---@param options? hubspot.Objects.UpdateManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function objects:update_many(records, options) end

--- Creates one record, or updates the one with this value of a unique property. `new` says which.
---@param property string the name of a property whose values are unique
---@param value string|integer its value
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Objects.UpsertByOptions
---@return hubspot.Object?
---@return hubspot.Error?
function objects:upsert_by(property, value, properties, options) end

--- Creates or updates any number of records. A record that HubSpot refuses fails alone.
---@param records (hubspot.ObjectToUpsert)[] `{ order_number =, properties = { … } }` each, with the key that `by` names, or `{ id =, properties = { … } }` of one that exists
---@param options? hubspot.Objects.UpsertManyOptions
---@return hubspot.ObjectsOutcome?
---@return hubspot.Error?
function objects:upsert_many(records, options) end

---@class hubspot.DealSplits.GetManyOptions : hubspot.CallOptions

---@class hubspot.DealSplits.UpsertManyOptions : hubspot.CallOptions

---@class hubspot.DealSplits
local deal_splits = {}

--- Reads the splits of any number of deals, in the order of the ids. Unknown deals are left out.
---@param ids (string|integer)[] ids of the deals
---@param options? hubspot.DealSplits.GetManyOptions
---@return hubspot.SplitDeal[]?
---@return hubspot.Error?
function deal_splits:get_many(ids, options) end

--- Splits any number of deals among owners. What a deal had before is replaced. A deal whose splits HubSpot refuses fails alone.
---@param records (hubspot.DealToSplit)[] `{ id =, splits = { { ownerId =, percentage = }, … } }` each
---@param options? hubspot.DealSplits.UpsertManyOptions
---@return hubspot.SplitDealsOutcome?
---@return hubspot.Error?
function deal_splits:upsert_many(records, options) end

---@class hubspot.Associations.AllOptions : hubspot.PagingOptions

---@class hubspot.Associations.AllLimitsOptions : hubspot.CallOptions

---@class hubspot.Associations.CreateOptions : hubspot.CallOptions
---@field labels? (string)[] labels of the association; without them it says nothing
---@field types? (hubspot.AssociationSpec)[] its types, in place of labels or besides

---@class hubspot.Associations.CreateLabelOptions : hubspot.CallOptions

---@class hubspot.Associations.CreateLimitsOptions : hubspot.CallOptions

---@class hubspot.Associations.CreateManyOptions : hubspot.CallOptions

---@class hubspot.Associations.DeleteOptions : hubspot.CallOptions

---@class hubspot.Associations.DeleteLabelOptions : hubspot.CallOptions

---@class hubspot.Associations.DeleteLabelsOptions : hubspot.CallOptions

---@class hubspot.Associations.DeleteLimitsOptions : hubspot.CallOptions

---@class hubspot.Associations.DeleteManyOptions : hubspot.CallOptions

---@class hubspot.Associations.GetManyOptions : hubspot.CallOptions

---@class hubspot.Associations.LabelsOptions : hubspot.CallOptions

---@class hubspot.Associations.LimitsOptions : hubspot.CallOptions

---@class hubspot.Associations.UpdateLabelOptions : hubspot.CallOptions

---@class hubspot.Associations.UpdateLimitsOptions : hubspot.CallOptions

---@class hubspot.Associations
local associations = {}

--- Iterates over the records of a type that one record is associated with.
---@param from_type string the type that the associations lead from
---@param id string|integer id of the record that they lead from
---@param to_type string the type that they lead to
---@param options? hubspot.Associations.AllOptions
---@return hubspot.AssociationIterator
function associations:all(from_type, id, to_type, options) end

--- Reads the limits that the account made for associations of any two types.
---@param options? hubspot.Associations.AllLimitsOptions
---@return hubspot.AssociationLimit[]?
---@return hubspot.Error?
function associations:all_limits(options) end

--- Associates two records. With labels, the association has these afterwards and no others of the account's: name all that are to stay.
---@param from_type string the type that the associations lead from
---@param id string|integer id of the record that they lead from
---@param to_type string the type that they lead to
---@param to_id string|integer id of the record that they lead to
---@param options? hubspot.Associations.CreateOptions
---@return true?
---@return hubspot.Error?
function associations:create(from_type, id, to_type, to_id, options) end

--- Creates a label of associations: a type for each direction. HubSpot takes 50 for two types.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param definition hubspot.AssociationLabelToCreate its name and what HubSpot shows
---@param options? hubspot.Associations.CreateLabelOptions
---@return hubspot.AssociationType[]?
---@return hubspot.Error?
function associations:create_label(from_type, to_type, definition, options) end

--- Limits how many records one may be associated with, by types that have no limit. One that HubSpot refuses fails alone.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param limits (hubspot.AssociationLimitToWrite)[] `{ category =, typeId =, maxToObjectIds = }` each, with the ids that `labels` gives
---@param options? hubspot.Associations.CreateLimitsOptions
---@return hubspot.AssociationLimitsOutcome?
---@return hubspot.Error?
function associations:create_limits(from_type, to_type, limits, options) end

--- Associates any number of pairs of records: with labels those of the pair, else plainly. A pair that HubSpot refuses fails alone.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param pairs (hubspot.LabelledAssociationPair)[] `{ from =, to =, labels =, types = }` each
---@param options? hubspot.Associations.CreateManyOptions
---@return hubspot.AssociationsOutcome?
---@return hubspot.Error?
function associations:create_many(from_type, to_type, pairs, options) end

--- Removes all associations between two records.
---@param from_type string the type that the associations lead from
---@param id string|integer id of the record that they lead from
---@param to_type string the type that they lead to
---@param to_id string|integer id of the record that they lead to
---@param options? hubspot.Associations.DeleteOptions
---@return true?
---@return hubspot.Error?
function associations:delete(from_type, id, to_type, to_id, options) end

--- Deletes a label, of both directions.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param type_id integer id of the label, as `labels` gives it
---@param options? hubspot.Associations.DeleteLabelOptions
---@return true?
---@return hubspot.Error?
function associations:delete_label(from_type, to_type, type_id, options) end

--- Removes labels of associations between any number of pairs of records, and leaves the others.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param pairs (hubspot.LabelledAssociationPair)[] `{ from =, to =, labels =, types = }` each
---@param options? hubspot.Associations.DeleteLabelsOptions
---@return hubspot.AssociationsOutcome?
---@return hubspot.Error?
function associations:delete_labels(from_type, to_type, pairs, options) end

--- Removes limits.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param limits (hubspot.AssociationSpec)[] `{ category =, typeId = }` each
---@param options? hubspot.Associations.DeleteLimitsOptions
---@return hubspot.AssociationLimitsOutcome?
---@return hubspot.Error?
function associations:delete_limits(from_type, to_type, limits, options) end

--- Removes all associations between any number of pairs of records.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param pairs (hubspot.AssociationPair)[] `{ from =, to = }` each
---@param options? hubspot.Associations.DeleteManyOptions
---@return hubspot.AssociationsOutcome?
---@return hubspot.Error?
function associations:delete_many(from_type, to_type, pairs, options) end

--- Reads the associations of any number of records to one type, all of each, in the order of the ids.
---@param from_type string the type that the associations lead from
---@param ids (string|integer)[] ids of the records that they lead from
---@param to_type string the type that they lead to
---@param options? hubspot.Associations.GetManyOptions
---@return hubspot.AssociationsOfRecord[]?
---@return hubspot.Error?
function associations:get_many(from_type, ids, to_type, options) end

--- Reads the types of associations from a type to another, with their labels.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param options? hubspot.Associations.LabelsOptions
---@return hubspot.AssociationType[]?
---@return hubspot.Error?
function associations:labels(from_type, to_type, options) end

--- Reads how many records of a type one of another may be associated with, where the account limits it.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param options? hubspot.Associations.LimitsOptions
---@return hubspot.AssociationLimit[]?
---@return hubspot.Error?
function associations:limits(from_type, to_type, options) end

--- Changes what HubSpot shows for a label, on both sides: without `inverseLabel`, `label` on both.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param type_id integer id of the label, as `labels` gives it
---@param changes hubspot.AssociationLabelChanges what HubSpot shows
---@param options? hubspot.Associations.UpdateLabelOptions
---@return true?
---@return hubspot.Error?
function associations:update_label(from_type, to_type, type_id, changes, options) end

--- Changes limits that there are. One that HubSpot refuses fails alone.
---@param from_type string the type that the associations lead from
---@param to_type string the type that they lead to
---@param limits (hubspot.AssociationLimitToWrite)[] `{ category =, typeId =, maxToObjectIds = }` each, with the ids that `labels` gives
---@param options? hubspot.Associations.UpdateLimitsOptions
---@return hubspot.AssociationLimitsOutcome?
---@return hubspot.Error?
function associations:update_limits(from_type, to_type, limits, options) end

---@class hubspot.Properties.AllOptions : hubspot.CallOptions
---@field archived? boolean true reads the archived ones, and no others
---@field locale? string the language of labels, such as "de"
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.CreateOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out
---@field restore? boolean true restores an archived property of this name

---@class hubspot.Properties.CreateGroupOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.CreateManyOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out
---@field restore? boolean true restores archived properties of these names

---@class hubspot.Properties.DeleteOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.DeleteGroupOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.DeleteManyOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads an archived property (only on current)
---@field locale? string the language of labels, such as "de" (only on current)
---@field object_type? string the type of records that has it; "contacts" when left out (only on current)

---@class hubspot.Properties.GetManyOptions : hubspot.CallOptions
---@field archived? boolean true reads archived ones, and no others
---@field locale? string the language of labels, such as "de"
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.GroupsOptions : hubspot.CallOptions
---@field locale? string the language of labels, such as "de"
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.UpdateOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties.UpdateGroupOptions : hubspot.CallOptions
---@field object_type? string the type of records that has it; "contacts" when left out

---@class hubspot.Properties
local properties = {}

--- Reads the definitions of all properties of a type, of every sensitivity that the token may see.
---@param options? hubspot.Properties.AllOptions
---@return hubspot.Property[]?
---@return hubspot.Error?
function properties:all(options) end

--- Creates a property. Where an archived one has its name, HubSpot would restore that one, with the values of its records: without `restore`, this is looked for first, and is an error.
---@param definition hubspot.PropertyDefinition what it is to be
---@param options? hubspot.Properties.CreateOptions
---@return hubspot.Property?
---@return hubspot.Error?
function properties:create(definition, options) end

--- Creates a group of properties.
---@param definition hubspot.PropertyGroupDefinition what it is to be
---@param options? hubspot.Properties.CreateGroupOptions
---@return hubspot.PropertyGroup?
---@return hubspot.Error?
function properties:create_group(definition, options) end

--- Creates any number of properties. One that HubSpot refuses fails alone, and so does, without `restore`, one whose name an archived property has, which HubSpot would restore.
---@param definitions (hubspot.PropertyDefinition)[] what they are to be
---@param options? hubspot.Properties.CreateManyOptions
---@return hubspot.PropertiesOutcome?
---@return hubspot.Error?
function properties:create_many(definitions, options) end

--- Archives a property. For 90 days, creating one of its name restores it.
---@param name string the property's internal name
---@param options? hubspot.Properties.DeleteOptions
---@return true?
---@return hubspot.Error?
function properties:delete(name, options) end

--- Deletes a group that has no properties.
---@param name string the group's internal name
---@param options? hubspot.Properties.DeleteGroupOptions
---@return true?
---@return hubspot.Error?
function properties:delete_group(name, options) end

--- Archives any number of properties. One that HubSpot refuses fails alone; one that it does not know counts as archived. For 90 days, creating one of its name restores it.
---@param names (string)[] internal names of properties
---@param options? hubspot.Properties.DeleteManyOptions
---@return hubspot.PropertyDeletionsOutcome?
---@return hubspot.Error?
function properties:delete_many(names, options) end

--- Reads the definition of a property.
---@param name string the property's internal name
---@param options? hubspot.Properties.GetOptions
---@return hubspot.Property?
---@return hubspot.Error?
function properties:get(name, options) end

--- Reads the definitions of any number of properties, of every sensitivity that the token may see, in the order of the names. Unknown ones are left out.
---@param names (string)[] internal names of properties
---@param options? hubspot.Properties.GetManyOptions
---@return hubspot.Property[]?
---@return hubspot.Error?
function properties:get_many(names, options) end

--- Reads the groups in which HubSpot shows the properties of a type.
---@param options? hubspot.Properties.GroupsOptions
---@return hubspot.PropertyGroup[]?
---@return hubspot.Error?
function properties:groups(options) end

--- Changes the definition of a property. `options` replace all that there were.
---@param name string the property's internal name
---@param changes hubspot.PropertyChanges the fields to change
---@param options? hubspot.Properties.UpdateOptions
---@return hubspot.Property?
---@return hubspot.Error?
function properties:update(name, changes, options) end

--- Changes what HubSpot shows of a group.
---@param name string the group's internal name
---@param changes hubspot.PropertyGroupChanges the fields to change
---@param options? hubspot.Properties.UpdateGroupOptions
---@return hubspot.PropertyGroup?
---@return hubspot.Error?
function properties:update_group(name, changes, options) end

---@class hubspot.Pipelines.AllOptions : hubspot.CallOptions

---@class hubspot.Pipelines.CreateOptions : hubspot.CallOptions

---@class hubspot.Pipelines.CreateStageOptions : hubspot.CallOptions

---@class hubspot.Pipelines.DeleteOptions : hubspot.CallOptions

---@class hubspot.Pipelines.DeleteStageOptions : hubspot.CallOptions

---@class hubspot.Pipelines.GetOptions : hubspot.CallOptions

---@class hubspot.Pipelines.ReplaceOptions : hubspot.CallOptions

---@class hubspot.Pipelines.UpdateOptions : hubspot.CallOptions

---@class hubspot.Pipelines.UpdateStageOptions : hubspot.CallOptions

---@class hubspot.Pipelines
local pipelines = {}

--- Reads the pipelines of a type, each with its stages.
---@param object_type string such as "deals"
---@param options? hubspot.Pipelines.AllOptions
---@return hubspot.Pipeline[]?
---@return hubspot.Error?
function pipelines:all(object_type, options) end

--- Creates a pipeline with its stages.
---@param object_type string such as "deals"
---@param definition hubspot.PipelineDefinition what it is to be
---@param options? hubspot.Pipelines.CreateOptions
---@return hubspot.Pipeline?
---@return hubspot.Error?
function pipelines:create(object_type, definition, options) end

--- Creates a stage of a pipeline.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param definition hubspot.StageDefinition what it is to be; the first stage where it has no `displayOrder`
---@param options? hubspot.Pipelines.CreateStageOptions
---@return hubspot.Stage?
---@return hubspot.Error?
function pipelines:create_stage(object_type, pipeline_id, definition, options) end

--- Deletes a pipeline that no record is in.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param options? hubspot.Pipelines.DeleteOptions
---@return true?
---@return hubspot.Error?
function pipelines:delete(object_type, pipeline_id, options) end

--- Deletes a stage that no record is in, and makes sure that it is gone.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param stage_id string id of a stage
---@param options? hubspot.Pipelines.DeleteStageOptions
---@return true?
---@return hubspot.Error?
function pipelines:delete_stage(object_type, pipeline_id, stage_id, options) end

--- Reads one pipeline with its stages.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param options? hubspot.Pipelines.GetOptions
---@return hubspot.Pipeline?
---@return hubspot.Error?
function pipelines:get(object_type, pipeline_id, options) end

--- Replaces a pipeline: stages are kept that have the `stageId` of one here, and others are deleted for good.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param definition hubspot.PipelineReplacement all of it
---@param options? hubspot.Pipelines.ReplaceOptions
---@return hubspot.Pipeline?
---@return hubspot.Error?
function pipelines:replace(object_type, pipeline_id, definition, options) end

--- Changes a pipeline, and leaves its stages.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param changes hubspot.PipelineChanges the fields to change
---@param options? hubspot.Pipelines.UpdateOptions
---@return hubspot.Pipeline?
---@return hubspot.Error?
function pipelines:update(object_type, pipeline_id, changes, options) end

--- Changes a stage. `metadata` is merged with what there is.
---@param object_type string such as "deals"
---@param pipeline_id string id of a pipeline, such as "default"
---@param stage_id string id of a stage
---@param changes hubspot.StageChanges the fields to change
---@param options? hubspot.Pipelines.UpdateStageOptions
---@return hubspot.Stage?
---@return hubspot.Error?
function pipelines:update_stage(object_type, pipeline_id, stage_id, changes, options) end

---@class hubspot.Owners.AllOptions : hubspot.PagingOptions
---@field archived? boolean true reads deactivated ones, and no others
---@field email? string only the one with this address

---@class hubspot.Owners.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads deactivated ones, and no others

---@class hubspot.Owners.GetByUserIdOptions : hubspot.CallOptions
---@field archived? boolean true reads deactivated ones, and no others

---@class hubspot.Owners
local owners = {}

--- Iterates over the owners.
---@param options? hubspot.Owners.AllOptions
---@return hubspot.OwnerIterator
function owners:all(options) end

--- Reads an owner by id, which `hubspot_owner_id` of records holds.
---@param id string|integer id of the owner
---@param options? hubspot.Owners.GetOptions
---@return hubspot.Owner?
---@return hubspot.Error?
function owners:get(id, options) end

--- Reads an owner by the id of the user.
---@param id string|integer id of the user
---@param options? hubspot.Owners.GetByUserIdOptions
---@return hubspot.Owner?
---@return hubspot.Error?
function owners:get_by_user_id(id, options) end

---@class hubspot.Schemas.AllOptions : hubspot.CallOptions
---@field archived? boolean true reads the archived ones, and no others

---@class hubspot.Schemas.CreateOptions : hubspot.CallOptions
---@field purge? boolean true deletes an archived type of this name for good

---@class hubspot.Schemas.CreateAssociationOptions : hubspot.CallOptions

---@class hubspot.Schemas.DeleteOptions : hubspot.CallOptions
---@field archived? boolean true deletes an archived one for good

---@class hubspot.Schemas.DeleteAssociationOptions : hubspot.CallOptions

---@class hubspot.Schemas.GetOptions : hubspot.CallOptions

---@class hubspot.Schemas.UpdateOptions : hubspot.CallOptions

---@class hubspot.Schemas
local schemas = {}

--- Reads the schemas of all types that the account made.
---@param options? hubspot.Schemas.AllOptions
---@return hubspot.Schema[]?
---@return hubspot.Error?
function schemas:all(options) end

--- Creates a type of records. Where an archived one has its name, HubSpot would delete that one and its records for good: without `purge`, this is an error.
---@param definition hubspot.SchemaDefinition what it is to be
---@param options? hubspot.Schemas.CreateOptions
---@return hubspot.Schema?
---@return hubspot.Error?
function schemas:create(definition, options) end

--- Lets records of the type be associated with those of another.
---@param object_type string such as "p99001_machines" or "2-3465404"
---@param association hubspot.SchemaAssociationToCreate the two types
---@param options? hubspot.Schemas.CreateAssociationOptions
---@return hubspot.SchemaAssociation?
---@return hubspot.Error?
function schemas:create_association(object_type, association, options) end

--- Archives a type, which must have no records.
---@param object_type string such as "p99001_machines" or "2-3465404"
---@param options? hubspot.Schemas.DeleteOptions
---@return true?
---@return hubspot.Error?
function schemas:delete(object_type, options) end

--- Takes an association away from a type.
---@param object_type string such as "p99001_machines" or "2-3465404"
---@param association_id string|integer its id, as the schema has it
---@param options? hubspot.Schemas.DeleteAssociationOptions
---@return true?
---@return hubspot.Error?
function schemas:delete_association(object_type, association_id, options) end

--- Reads the schema of a type.
---@param object_type string such as "p99001_machines" or "2-3465404"
---@param options? hubspot.Schemas.GetOptions
---@return hubspot.Schema?
---@return hubspot.Error?
function schemas:get(object_type, options) end

--- Changes a schema. It is read first and sent whole.
---@param object_type string such as "p99001_machines" or "2-3465404"
---@param changes hubspot.SchemaChanges the fields to change
---@param options? hubspot.Schemas.UpdateOptions
---@return hubspot.Schema?
---@return hubspot.Error?
function schemas:update(object_type, changes, options) end

---@class hubspot.Account.DetailsOptions : hubspot.CallOptions

---@class hubspot.Account.LimitsOptions : hubspot.CallOptions

---@class hubspot.Account.TokenInfoOptions : hubspot.CallOptions

---@class hubspot.Account
local account = {}

--- Reads what the account is: its id, time zone, currencies and where its data is.
---@param options? hubspot.Account.DetailsOptions
---@return hubspot.AccountDetails?
---@return hubspot.Error?
function account:details(options) end

--- Reads what is used of each limit: requests of the day, records, properties, pipelines, types and labels. HubSpot counts some minutes late, and no requests of service keys.
---@param options? hubspot.Account.LimitsOptions
---@return hubspot.AccountLimit[]?
---@return hubspot.Error?
function account:limits(options) end

--- Reads which account the client's token is for, and its scopes.
---@param options? hubspot.Account.TokenInfoOptions
---@return hubspot.TokenInfo?
---@return hubspot.Error?
function account:token_info(options) end

---@class hubspot.Lists.AddOptions : hubspot.CallOptions

---@class hubspot.Lists.AllOptions : hubspot.PagingOptions
---@field object_type? string lists of records of this type; contacts when left out (only on current)
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.ContactsOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.CreateOptions : hubspot.CallOptions

---@class hubspot.Lists.DeleteOptions : hubspot.CallOptions

---@class hubspot.Lists.DynamicOptions : hubspot.PagingOptions
---@field object_type? string lists of records of this type; contacts when left out (only on current)
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.GetOptions : hubspot.CallOptions
---@field include_filters? boolean true reads the filterBranch too (only on current)

---@class hubspot.Lists.GetManyOptions : hubspot.CallOptions
---@field include_filters? boolean true reads the filterBranch too (only on current)

---@class hubspot.Lists.RecentContactsOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.RecentRecordsOptions : hubspot.PagingOptions
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.RecordsOptions : hubspot.PagingOptions
---@field list_memberships? boolean true reads the lists that the record is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.RemoveOptions : hubspot.CallOptions

---@class hubspot.Lists.StaticOptions : hubspot.PagingOptions
---@field object_type? string lists of records of this type; contacts when left out (only on current)
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.TranslateIdsOptions : hubspot.CallOptions

---@class hubspot.Lists.UpdateOptions : hubspot.CallOptions

---@class hubspot.Lists
local lists = {}

--- Adds records to a list, by id, or contacts by e-mail address. Not for lists whose filters decide.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param members hubspot.ListMembers the records to add
---@param options? hubspot.Lists.AddOptions
---@return hubspot.MembershipChange?
---@return hubspot.Error?
function lists:add(id, members, options) end

--- Iterates over all lists of records of one type.
---@param options? hubspot.Lists.AllOptions
---@return hubspot.ListIterator
function lists:all(options) end

--- Iterates over the contacts in a list, in the order of their ids.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.ContactsOptions
---@return hubspot.ContactIterator
function lists:contacts(id, options) end

--- Creates a list.
---@param definition hubspot.ListDefinition the list's fields
---@param options? hubspot.Lists.CreateOptions
---@return hubspot.List?
---@return hubspot.Error?
function lists:create(definition, options) end

--- Deletes a list, not its contacts.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.DeleteOptions
---@return true?
---@return hubspot.Error?
function lists:delete(id, options) end

--- Iterates over the lists whose filters decide who is in them.
---@param options? hubspot.Lists.DynamicOptions
---@return hubspot.ListIterator
function lists:dynamic(options) end

--- Reads one list, without its members.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.GetOptions
---@return hubspot.List?
---@return hubspot.Error?
function lists:get(id, options) end

--- Reads any number of lists by their ids. Unknown ones are left out.
---@param ids (string|integer|{ legacy: string|integer })[] the lists' ids
---@param options? hubspot.Lists.GetManyOptions
---@return hubspot.List[]?
---@return hubspot.Error?
function lists:get_many(ids, options) end

--- Iterates over the contacts in a list, the latest to join first. HubSpot's current API counts from the first to join, so the ids of all members are paged through before the first contact comes.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.RecentContactsOptions
---@return hubspot.ContactIterator
function lists:recent_contacts(id, options) end

--- Iterates over the records in a list, of whatever type it is, the latest to join first. HubSpot counts from the first to join, so the ids of all members are paged through before the first record comes.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.RecentRecordsOptions
---@return hubspot.ObjectIterator
function lists:recent_records(id, options) end

--- Iterates over the records in a list, of whatever type it is, in the order of their ids.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.RecordsOptions
---@return hubspot.ObjectIterator
function lists:records(id, options) end

--- Removes records from a list, by id, or contacts by e-mail address. Not for lists whose filters decide.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param members hubspot.ListMembers the records to remove
---@param options? hubspot.Lists.RemoveOptions
---@return hubspot.MembershipChange?
---@return hubspot.Error?
function lists:remove(id, members, options) end

--- Iterates over the lists whose members are added by hand or were found once.
---@param options? hubspot.Lists.StaticOptions
---@return hubspot.ListIterator
function lists:static(options) end

--- Translates ids of v1 lists: the same number can name two different lists.
---@param legacy_ids (string|integer)[] ids of v1 lists
---@param options? hubspot.Lists.TranslateIdsOptions
---@return table<string, string>?
---@return hubspot.Error?
function lists:translate_ids(legacy_ids, options) end

--- Changes a list's name or filters.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param changes hubspot.ListChanges what is to be different
---@param options? hubspot.Lists.UpdateOptions
---@return hubspot.List?
---@return hubspot.Error?
function lists:update(id, changes, options) end

---@class hubspot.Timeline.CreateEventTypeOptions : hubspot.CallOptions

---@class hubspot.Timeline.CreateEventTypePropertyOptions : hubspot.CallOptions

---@class hubspot.Timeline.DeleteEventTypeOptions : hubspot.CallOptions

---@class hubspot.Timeline.EventTypePropertiesOptions : hubspot.CallOptions

---@class hubspot.Timeline.EventTypesOptions : hubspot.CallOptions

---@class hubspot.Timeline.GetEventOptions : hubspot.CallOptions

---@class hubspot.Timeline.UpdateEventTypeOptions : hubspot.CallOptions

---@class hubspot.Timeline.UpdateEventTypePropertyOptions : hubspot.CallOptions

---@class hubspot.Timeline.UpsertEventOptions : hubspot.CallOptions

---@class hubspot.Timeline.UpsertEventsOptions : hubspot.CallOptions

---@class hubspot.Timeline
local timeline = {}

--- Makes an event type.
---@param application_id? string|integer the application's id
---@param definition hubspot.EventTypeDefinition the type's fields
---@param options? hubspot.Timeline.CreateEventTypeOptions
---@return hubspot.EventType?
---@return hubspot.Error?
function timeline:create_event_type(application_id, definition, options) end

--- Adds a property to an event type.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param definition hubspot.EventTypePropertyDefinition the property's fields
---@param options? hubspot.Timeline.CreateEventTypePropertyOptions
---@return hubspot.EventTypeProperty?
---@return hubspot.Error?
function timeline:create_event_type_property(application_id, type_id, definition, options) end

--- Deletes an event type and all its events.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param options? hubspot.Timeline.DeleteEventTypeOptions
---@return true?
---@return hubspot.Error?
function timeline:delete_event_type(application_id, type_id, options) end

--- Reads the properties of an event type.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param options? hubspot.Timeline.EventTypePropertiesOptions
---@return hubspot.EventTypeProperty[]?
---@return hubspot.Error?
function timeline:event_type_properties(application_id, type_id, options) end

--- Reads the event types of an application.
---@param application_id? string|integer the application's id
---@param options? hubspot.Timeline.EventTypesOptions
---@return hubspot.EventType[]?
---@return hubspot.Error?
function timeline:event_types(application_id, options) end

--- Reads one timeline event.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param event_id string the event's id
---@param options? hubspot.Timeline.GetEventOptions
---@return hubspot.TimelineEvent?
---@return hubspot.Error?
function timeline:get_event(application_id, type_id, event_id, options) end

--- Changes an event type. It may take an hour to show.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param definition hubspot.EventTypeDefinition|hubspot.EventTypeChanges what is to be different
---@param options? hubspot.Timeline.UpdateEventTypeOptions
---@return hubspot.EventType?
---@return hubspot.Error?
function timeline:update_event_type(application_id, type_id, definition, options) end

--- Changes a property of an event type. Its name can't be changed.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param definition hubspot.EventTypePropertyChanges the whole property; on v1 with its id
---@param options? hubspot.Timeline.UpdateEventTypePropertyOptions
---@return hubspot.EventTypeProperty?
---@return hubspot.Error?
function timeline:update_event_type_property(application_id, type_id, definition, options) end

--- Writes a timeline event. HubSpot takes an id once and refuses it afterwards; an unknown e-mail address makes a contact.
---@param application_id? string|integer the application's id
---@param event hubspot.TimelineEventInput the event and its object
---@param options? hubspot.Timeline.UpsertEventOptions
---@return hubspot.TimelineEvent|true?
---@return hubspot.Error?
function timeline:upsert_event(application_id, event, options) end

--- Writes any number of timeline events. One that HubSpot refuses fails alone; one whose id it has already stays as it is there, and is listed in `existing`.
---@param application_id? string|integer the application's id
---@param events (hubspot.TimelineEventInput)[] the events and their objects
---@param options? hubspot.Timeline.UpsertEventsOptions
---@return hubspot.EventsOutcome?
---@return hubspot.Error?
function timeline:upsert_events(application_id, events, options) end

---@class hubspot.Campaigns.AllOptions : hubspot.PagingOptions

---@class hubspot.Campaigns.GetOptions : hubspot.CallOptions
---@field app_id? string|integer the id of the application that sent it

---@class hubspot.Campaigns.RecentOptions : hubspot.PagingOptions

---@class hubspot.Campaigns
local campaigns = {}

--- Iterates over all e-mail campaigns, in no order.
---@param options? hubspot.Campaigns.AllOptions
---@return hubspot.CampaignIterator
function campaigns:all(options) end

--- Reads one e-mail campaign with its counters.
---@param id string|integer the e-mail campaign's id
---@param options? hubspot.Campaigns.GetOptions
---@return hubspot.Campaign?
---@return hubspot.Error?
function campaigns:get(id, options) end

--- Iterates over e-mail campaigns, the latest active first.
---@param options? hubspot.Campaigns.RecentOptions
---@return hubspot.CampaignIterator
function campaigns:recent(options) end

---@class hubspot.EmailEvents.AllOptions : hubspot.PagingOptions
---@field app_id? string|integer only of this application; together with campaign_id
---@field campaign_id? string|integer only of this e-mail campaign; together with app_id
---@field event_type? "SENT"|"DROPPED"|"PROCESSED"|"DELIVERED"|"DEFERRED"|"BOUNCE"|"OPEN"|"CLICK"|"PRINT"|"FORWARD"|"STATUSCHANGE"|"SPAMREPORT"|"UNBOUNCE"|"SUPPRESSED"|"REPLY"|"UNSUBSCRIBED"|"CLICK_ON_IDENTIFIED_LINK"|"SELECTED"|"OPT_IN_CHANGE"|"ERROR"|"MTA_DROPPED"|string only of this type
---@field exclude_filtered? boolean true leaves out what the account's settings filter
---@field from? integer|string not before this time
---@field recipient? string only to this e-mail address
---@field to? integer|string not after this time

---@class hubspot.EmailEvents.GetOptions : hubspot.CallOptions

---@class hubspot.EmailEvents
local email_events = {}

--- Iterates over e-mail events, the latest first.
---@param options? hubspot.EmailEvents.AllOptions
---@return hubspot.EmailEventIterator
function email_events:all(options) end

--- Reads one e-mail event.
---@param created integer|string the event's `created`, in milliseconds since 1970
---@param id string the event's `id`
---@param options? hubspot.EmailEvents.GetOptions
---@return hubspot.EmailEvent?
---@return hubspot.Error?
function email_events:get(created, id, options) end

---@class hubspot.Subscriptions.ChangesOptions : hubspot.PagingOptions
---@field change_type? "SUBSCRIPTION_STATUS"|"PORTAL_STATUS"|"SUBSCRIPTION_SPAM_REPORT"|"PORTAL_SPAM_REPORT"|"PORTAL_BOUNCE"|string only of this type
---@field from? integer|string not before this time
---@field include_snapshots? boolean true adds what the address had at that time
---@field to? integer|string not after this time

---@class hubspot.Subscriptions.StatusOptions : hubspot.CallOptions
---@field business_unit_id? string|integer only of this business unit (only on current)

---@class hubspot.Subscriptions.TypesOptions : hubspot.CallOptions
---@field business_unit_id? string|integer only of this business unit (only on current)
---@field include_translations? boolean true reads their translations too (only on current)

---@class hubspot.Subscriptions.UpdateOptions : hubspot.CallOptions

---@class hubspot.Subscriptions
local subscriptions = {}

--- Iterates over the changes of subscriptions, the latest first.
---@param options? hubspot.Subscriptions.ChangesOptions
---@return hubspot.SubscriptionChangeIterator
function subscriptions:changes(options) end

--- Reads which subscriptions an e-mail address has.
---@param email string the e-mail address; it need not be a contact's
---@param options? hubspot.Subscriptions.StatusOptions
---@return hubspot.SubscriptionStatus?
---@return hubspot.Error?
function subscriptions:status(email, options) end

--- Reads the account's types of e-mail subscriptions.
---@param options? hubspot.Subscriptions.TypesOptions
---@return hubspot.SubscriptionType[]?
---@return hubspot.Error?
function subscriptions:types(options) end

--- Changes which subscriptions an e-mail address has, or unsubscribes it from everything.
---@param email string the e-mail address; it need not be a contact's
---@param changes hubspot.SubscriptionChanges what is to be different
---@param options? hubspot.Subscriptions.UpdateOptions
---@return hubspot.SubscriptionStatus?
---@return hubspot.Error?
function subscriptions:update(email, changes, options) end

---@class hubspot.Transactional.CreateTokenOptions : hubspot.CallOptions

---@class hubspot.Transactional.ResetTokenPasswordOptions : hubspot.CallOptions

---@class hubspot.Transactional.SendOptions : hubspot.CallOptions

---@class hubspot.Transactional.TokensOptions : hubspot.CallOptions
---@field campaign_name? string only of this campaign (only on current)
---@field email_campaign_id? string|integer only of this e-mail campaign (only on current)

---@class hubspot.Transactional
local transactional = {}

--- Makes a token of the SMTP API. Its password is shown only here.
---@param definition hubspot.SmtpTokenDefinition its campaign and its maker
---@param options? hubspot.Transactional.CreateTokenOptions
---@return hubspot.SmtpToken?
---@return hubspot.Error?
function transactional:create_token(definition, options) end

--- Gives a token of the SMTP API another password, which is shown only here.
---@param id string the token's id; on v1 its user name
---@param options? hubspot.Transactional.ResetTokenPasswordOptions
---@return hubspot.SmtpToken?
---@return hubspot.Error?
function transactional:reset_token_password(id, options) end

--- Sends one e-mail that was made in HubSpot. Without `sendId` an attempt that may have succeeded is not repeated.
---@param message hubspot.SingleSend the e-mail, its addresses and its values
---@param options? hubspot.Transactional.SendOptions
---@return hubspot.SendResult?
---@return hubspot.Error?
function transactional:send(message, options) end

--- Reads the tokens of the SMTP API, without their passwords.
---@param options? hubspot.Transactional.TokensOptions
---@return hubspot.SmtpToken[]?
---@return hubspot.Error?
function transactional:tokens(options) end

---@class hubspot.Client
---@field contacts hubspot.Contacts
---@field deal_splits hubspot.DealSplits
---@field associations hubspot.Associations
---@field properties hubspot.Properties
---@field pipelines hubspot.Pipelines
---@field owners hubspot.Owners
---@field schemas hubspot.Schemas
---@field account hubspot.Account
---@field lists hubspot.Lists
---@field timeline hubspot.Timeline
---@field campaigns hubspot.Campaigns
---@field email_events hubspot.EmailEvents
---@field subscriptions hubspot.Subscriptions
---@field transactional hubspot.Transactional
---@field appointments hubspot.Objects
---@field calls hubspot.Objects
---@field carts hubspot.Objects
---@field commerce_payments hubspot.Objects
---@field communications hubspot.Objects
---@field companies hubspot.Objects
---@field contracts hubspot.Objects
---@field courses hubspot.Objects
---@field deals hubspot.Objects
---@field discounts hubspot.Objects
---@field emails hubspot.Objects
---@field feedback_submissions hubspot.Objects
---@field fees hubspot.Objects
---@field goal_targets hubspot.Objects
---@field invoices hubspot.Objects
---@field leads hubspot.Objects
---@field line_items hubspot.Objects
---@field listings hubspot.Objects
---@field marketing_events hubspot.Objects
---@field meetings hubspot.Objects
---@field notes hubspot.Objects
---@field orders hubspot.Objects
---@field partner_clients hubspot.Objects
---@field partner_services hubspot.Objects
---@field postal_mail hubspot.Objects
---@field products hubspot.Objects
---@field projects hubspot.Objects
---@field quotes hubspot.Objects
---@field services hubspot.Objects
---@field tasks hubspot.Objects
---@field taxes hubspot.Objects
---@field tickets hubspot.Objects
---@field users hubspot.Objects
local client = {}

--- Sends any request with the client's token, limiter, retries and errors.
---@param options hubspot.RequestOptions the request
---@return any the decoded answer, true where it has no body
---@return hubspot.Error?
function client:request(options) end

--- The records of any type, by its name or id, with the methods of `client.companies`.
---@param name string such as `"p99001_machines"`, `"2-3465404"` or `"subscriptions"`
---@return hubspot.Objects
function client:objects(name) end

--- Runs a function for every item of a list or an iterator, several at a time, on any loop.
---@generic T, R
---@param items T[]|fun(): T? a list or an iterator
---@param fn fun(item: T): R?, any returns a value, or nil and an error
---@param options? { concurrency: integer? } how many at once; 10 when left out
---@return table<integer, R> results by the items' index; nil and an error where the host can't wait at this place
---@return table<integer, any> errors by the items' index: what `fn` returned after nil, or threw; `stopped_by` is what ended an iterator
function client:map(items, fn, options) end

--- Ends all calls in flight, with an error of the kind "cancelled", and closes the connections.
function client:close() end

local hubspot = {}

--- `"hubspot X.Y.Z"`.
---@type string
hubspot._VERSION = nil

--- JSON's null, the same value as `cjson.null`.
---@type lightuserdata
hubspot.null = nil

--- Makes a client. Nothing is sent before its first call.
---@param options hubspot.ClientOptions a token, `oauth`, a developer key or a sandbox is needed
---@return hubspot.Client
function hubspot.new(options) end

--- Marks a table as a JSON array, so that an empty one is sent as `[]`.
---@generic T: table
---@param t? T the table to mark; a fresh one when left out
---@return T
function hubspot.array(t) end

--- The time that HubSpot takes, in milliseconds since 1970, of seconds as `os.time()` gives them.
---@param seconds number since 1970
---@return integer
function hubspot.time(seconds) end

--- Does what `assert` does, for what this library returns, on every Lua: gives the values, or throws the error.
---@generic T
---@param value T? what a call returned first
---@param err? any what it returned after nil
---@return T
function hubspot.check(value, err) end

--- Whether a request to your server (a webhook, a card, a workflow action) comes from HubSpot.
---@param request hubspot.RequestToVerify
---@return true?
---@return hubspot.Error?
function hubspot.verify_request(request) end

return hubspot
