---@meta hubspot
-- Made from the declarations by `make generate`: change those, not this.

---@class hubspot.Contact
---@field id string
---@field properties table<string, string> values by name; one without a value is not there
---@field propertiesWithHistory? table<string, hubspot.PropertyVersion[]> with the option `with_history`
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field archived? boolean
---@field archivedAt? string ISO 8601
---@field url? string its page in HubSpot
---@field associations? table with the option `associations`
---@field listMemberships? table[] with the option `list_memberships`: `listId` and times
---@field membershipTimestamp? string when it joined, where it is a list's member
---@field new? boolean whether an upsert created it
---@field addedAt? integer v1: milliseconds since 1970
---@field isContact? boolean v1
---@field mergedIds? string[] v1: contacts that were merged into it
---@field formSubmissions? table[] v1
---@field identityProfiles? table[] v1
---@field associatedCompany? table v1

---@class hubspot.PropertyVersion
---@field value string
---@field timestamp string ISO 8601
---@field sourceType? string
---@field sourceId? string
---@field sourceLabel? string

---@class hubspot.ContactInput
---@field email? string either this
---@field id? string|integer or this, of a contact that exists
---@field properties table<string, string|number|boolean|string[]> values by name

---@class hubspot.WriteOutcome
---@field results table[] what was written
---@field errors hubspot.Error[] what was not, each with the `index` of its input; with `ambiguous` where HubSpot's answer said nothing of it
---@field stopped_by? hubspot.Error what ended the call before every input was tried

---@class hubspot.EventsOutcome: hubspot.WriteOutcome
---@field existing hubspot.TimelineEvent[] whose ids HubSpot had already: it took none of them again

---@class hubspot.Property
---@field name string
---@field label string
---@field type string
---@field fieldType string
---@field groupName? string
---@field description? string
---@field options? table[] of an enumeration: `label`, `value`, `displayOrder`, `hidden`

---@class hubspot.List
---@field listId string on v1 its v1 id
---@field name string
---@field processingType "MANUAL"|"DYNAMIC"|"SNAPSHOT"
---@field processingStatus? string
---@field objectTypeId? string
---@field size? integer
---@field createdAt? string ISO 8601
---@field updatedAt? string ISO 8601
---@field filterBranch? table with the option `include_filters`
---@field legacyListId? string v1
---@field filters? table[] v1

---@class hubspot.MembershipChange
---@field added? string[] ids that were added
---@field removed? string[] ids that were removed
---@field unchanged string[] ids that were in the list already, or were not
---@field missing_ids string[] ids that no contact has
---@field missing_emails string[] addresses that no contact has
---@field stopped_by? hubspot.Error why a request failed behind others that did not; what they did stands above
---@field failed_ids? string[] with `stopped_by`: ids for which nothing was done, or it is not known
---@field failed_emails? string[] with `stopped_by`: the same of addresses

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
---@field extraData? table
---@field timelineIFrame? table `linkLabel`, `headerLabel`, `url`, `width`, `height`

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

---@class hubspot.SubscriptionChanges
---@field unsubscribeFromAll? true either this
---@field subscriptionStatuses? { id: string|integer, subscribed: boolean, legalBasis: string?, legalBasisExplanation: string? }[] or this

---@class hubspot.SubscriptionChange
---@field timestamp? integer milliseconds since 1970
---@field recipient string
---@field changes table[]
---@field snapshot? hubspot.SubscriptionStatus with the option `include_snapshots`

---@class hubspot.SendResult
---@field sendResult? string
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
---@field aggregation? table with the option `aggregate_by`

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
---@field errors? table[] what is wrong with each property: `message`, `code`, `name`, `index`, `context`
---@field existing_id? string the contact that is there already
---@field retry_after? number seconds
---@field sent? boolean false where nothing of the request was sent; only where there is no `status`
---@field ambiguous? boolean true where the request may have been carried out, and may have changed something
---@field attempts? integer
---@field method? string
---@field path? string
---@field body? string raw, at most 4 KiB
---@field index? integer of the input, in a write of many

---@class hubspot.RetryOptions
---@field max_attempts? integer 5 when left out
---@field base_delay? number seconds before the second attempt, at most
---@field max_delay? number seconds between two attempts, at most

---@class hubspot.ClientRetryOptions : hubspot.RetryOptions
---@field budget? integer repeats that failures may cost until they count as an outage; 50 when left out

---@class hubspot.CallOptions
---@field deadline? number seconds for the whole call, with all its requests, retries and waits; of an iterator for each step
---@field headers? table<string, string> header values by name
---@field raw? boolean true gives HubSpot's decoded answer untouched; from several requests, a list of them
---@field retry? hubspot.RetryOptions|false retry settings of this call, or false
---@field timeout? number seconds for one attempt

---@class hubspot.PagingOptions : hubspot.CallOptions
---@field cursor? string go on from what `it:cursor()` gave, in a call with the same arguments and options but for those that say how much is read at once and what comes with each record
---@field max? integer stop after so many records
---@field page_size? integer records a request; by default the route's maximum

---@class hubspot.Iterator<T>: { [integer]: T }
---@overload fun(): T?
local iterator = {}

---@return T? item nil at the end, and on an error
---@return hubspot.Error?
function iterator:next() end

---@return fun(): T[]?
function iterator:pages() end

---@return string? cursor nil where nothing is left
function iterator:cursor() end

---@class hubspot.Contacts.AllOptions : hubspot.PagingOptions
---@field archived? boolean true reads deleted contacts (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field ordered? boolean true gives the contacts in the order of their ids where several pages are read at a time
---@field parallel? integer pages read at the same time: 1 when left out
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.CreateOptions : hubspot.CallOptions
---@field associations? hubspot.NewAssociation[] associations, as HubSpot's documentation spells them (only on current)

---@class hubspot.Contacts.DeleteOptions : hubspot.CallOptions

---@class hubspot.Contacts.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted contacts (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetByEmailOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted contacts (only on current)
---@field associations? (string)[] types of records whose associations to read (only on current)
---@field coalesce? boolean true sends reads that are made at the same time, with the same options, as one batch read
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetByUtkOptions : hubspot.CallOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted contacts (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field include_deleted? boolean true gives deleted contacts too (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyByEmailOptions : hubspot.CallOptions
---@field archived? boolean true reads deleted contacts (only on current)
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field include_deleted? boolean true gives deleted contacts too (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.GetManyByUtkOptions : hubspot.CallOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read
---@field include_deleted? boolean true gives deleted contacts too
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Contacts.LifecycleStagesOptions : hubspot.CallOptions
---@field aggregate_by? string an enumeration of at most 20 options to count by, too
---@field from integer|string the time's beginning
---@field to integer|string the time's end

---@class hubspot.Contacts.MergeOptions : hubspot.CallOptions

---@class hubspot.Contacts.RecentlyCreatedOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601
---@field with_history? true|string[] earlier values too: of all properties, or of these (only on v1)

---@class hubspot.Contacts.RecentlyUpdatedOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field since? integer|string the earliest time, in milliseconds since 1970 or in ISO 8601
---@field with_history? true|string[] earlier values too: of all properties, or of these (only on v1)

---@class hubspot.Contacts.SearchOptions : hubspot.PagingOptions
---@field filter_groups? hubspot.FilterGroup[] filterGroups, as HubSpot's documentation spells them (only on current)
---@field list_memberships? boolean true reads the lists that the contact is in (only on current)
---@field order? "asc"|"desc" the direction of the sort
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field sort? string a property to sort by

---@class hubspot.Contacts.UpdateOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpdateByEmailOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpsertOptions : hubspot.CallOptions

---@class hubspot.Contacts.UpsertManyOptions : hubspot.CallOptions
---@field audit_id? string names the source of the change (only on v1)

---@class hubspot.Contacts
local contacts = {}

--- Iterates over all contacts, in the order of their ids; with `parallel`, by parts unless `ordered`.
---@param options? hubspot.Contacts.AllOptions
---@return hubspot.Iterator<hubspot.Contact>
function contacts:all(options) end

--- Creates a contact. One with the same e-mail address is a conflict; the error has its `existing_id`.
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.CreateOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:create(properties, options) end

--- Deletes a contact.
---@param id string|integer the contact's id
---@param options? hubspot.Contacts.DeleteOptions
---@return true?
---@return hubspot.Error?
function contacts:delete(id, options) end

--- Reads one contact by its id.
---@param id string|integer the contact's id
---@param options? hubspot.Contacts.GetOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:get(id, options) end

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
---@param ids (string|integer)[] the contacts' ids
---@param options? hubspot.Contacts.GetManyOptions
---@return hubspot.Contact[]?
---@return hubspot.Error?
function contacts:get_many(ids, options) end

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

--- Merges the second contact into the first.
---@param primary_id string|integer the contact that stays
---@param secondary_id string|integer the contact that goes into it
---@param options? hubspot.Contacts.MergeOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:merge(primary_id, secondary_id, options) end

--- Iterates over contacts, the latest created first.
---@param options? hubspot.Contacts.RecentlyCreatedOptions
---@return hubspot.Iterator<hubspot.Contact>
function contacts:recently_created(options) end

--- Iterates over contacts, the latest updated or created first; on v1 of the last 30 days.
---@param options? hubspot.Contacts.RecentlyUpdatedOptions
---@return hubspot.Iterator<hubspot.Contact>
function contacts:recently_updated(options) end

--- Iterates over the contacts that match a text, by id unless `sort` says otherwise. It gives all of them; in an order of one's own, and with 6 filters in a group or 18 in all, HubSpot gives the first 10,000, and then it ends with an error.
---@param query string in names, e-mail addresses, telephone numbers and companies; an empty text matches all
---@param options? hubspot.Contacts.SearchOptions
---@return hubspot.Iterator<hubspot.Contact>
function contacts:search(query, options) end

--- Updates a contact by its id. An empty value clears its property.
---@param id string|integer the contact's id
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpdateOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:update(id, properties, options) end

--- Updates a contact by its e-mail address. An empty value clears its property.
---@param email string an e-mail address of the contact
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpdateByEmailOptions
---@return hubspot.Contact|true?
---@return hubspot.Error?
function contacts:update_by_email(email, properties, options) end

--- Creates a contact, or updates the one with this e-mail address. `new` tells which.
---@param email string an e-mail address of the contact
---@param properties table<string, string|number|boolean|string[]> values by property name
---@param options? hubspot.Contacts.UpsertOptions
---@return hubspot.Contact?
---@return hubspot.Error?
function contacts:upsert(email, properties, options) end

--- Creates or updates any number of contacts. A record that HubSpot refuses fails alone.
---@param records (hubspot.ContactInput)[] `{ email = or id =, properties = { … } }` each; one with an id must exist
---@param options? hubspot.Contacts.UpsertManyOptions
---@return hubspot.WriteOutcome?
---@return hubspot.Error?
function contacts:upsert_many(records, options) end

---@class hubspot.Properties.GetOptions : hubspot.CallOptions
---@field archived? boolean true reads an archived property (only on current)
---@field locale? string the language of its labels, such as "de" (only on current)

---@class hubspot.Properties
local properties = {}

--- Reads the definition of a contact property.
---@param name string the property's internal name
---@param options? hubspot.Properties.GetOptions
---@return hubspot.Property?
---@return hubspot.Error?
function properties:get(name, options) end

---@class hubspot.Lists.AddOptions : hubspot.CallOptions

---@class hubspot.Lists.AllOptions : hubspot.PagingOptions
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.ContactsOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.CreateOptions : hubspot.CallOptions

---@class hubspot.Lists.DeleteOptions : hubspot.CallOptions

---@class hubspot.Lists.DynamicOptions : hubspot.PagingOptions
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.GetOptions : hubspot.CallOptions
---@field include_filters? boolean true reads the filterBranch too (only on current)

---@class hubspot.Lists.GetManyOptions : hubspot.CallOptions
---@field include_filters? boolean true reads the filterBranch too (only on current)

---@class hubspot.Lists.RecentContactsOptions : hubspot.PagingOptions
---@field form_submissions? "all"|"none"|"newest"|"oldest" which form submissions to read (only on v1)
---@field list_memberships? boolean true reads the lists that the contact is in
---@field properties? (string)[] names of the properties to read; by default HubSpot's own choice
---@field with_history? true|string[] earlier values too: of all properties, or of these

---@class hubspot.Lists.RemoveOptions : hubspot.CallOptions

---@class hubspot.Lists.StaticOptions : hubspot.PagingOptions
---@field query? string only lists with this in their name (only on current)

---@class hubspot.Lists.TranslateIdsOptions : hubspot.CallOptions

---@class hubspot.Lists.UpdateOptions : hubspot.CallOptions

---@class hubspot.Lists
local lists = {}

--- Adds contacts to a list, by id or e-mail address. Not for lists whose filters decide.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param members hubspot.ListMembers who is to be in it
---@param options? hubspot.Lists.AddOptions
---@return hubspot.MembershipChange?
---@return hubspot.Error?
function lists:add(id, members, options) end

--- Iterates over all contact lists.
---@param options? hubspot.Lists.AllOptions
---@return hubspot.Iterator<hubspot.List>
function lists:all(options) end

--- Iterates over the contacts in a list, in the order of their ids.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param options? hubspot.Lists.ContactsOptions
---@return hubspot.Iterator<hubspot.Contact>
function lists:contacts(id, options) end

--- Creates a list.
---@param definition hubspot.ListDefinition what it is to be
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
---@return hubspot.Iterator<hubspot.List>
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
---@return hubspot.Iterator<hubspot.Contact>
function lists:recent_contacts(id, options) end

--- Removes contacts from a list, by id or e-mail address. Not for lists whose filters decide.
---@param id string|integer|{ legacy: string|integer } the list's id
---@param members hubspot.ListMembers who is to be out of it
---@param options? hubspot.Lists.RemoveOptions
---@return hubspot.MembershipChange?
---@return hubspot.Error?
function lists:remove(id, members, options) end

--- Iterates over the lists whose members are added by hand or were found once.
---@param options? hubspot.Lists.StaticOptions
---@return hubspot.Iterator<hubspot.List>
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
---@param definition hubspot.EventTypeDefinition what it is to be
---@param options? hubspot.Timeline.CreateEventTypeOptions
---@return hubspot.EventType?
---@return hubspot.Error?
function timeline:create_event_type(application_id, definition, options) end

--- Adds a property to an event type.
---@param application_id? string|integer the application's id
---@param type_id string|integer the event type's id
---@param definition hubspot.EventTypePropertyDefinition what it is to be
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
---@param event hubspot.TimelineEventInput what happened to whom
---@param options? hubspot.Timeline.UpsertEventOptions
---@return hubspot.TimelineEvent|true?
---@return hubspot.Error?
function timeline:upsert_event(application_id, event, options) end

--- Writes any number of timeline events. One that HubSpot refuses fails alone; one whose id it has already stays as it is there, and is listed in `existing`.
---@param application_id? string|integer the application's id
---@param events (hubspot.TimelineEventInput)[] what happened to whom
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
---@return hubspot.Iterator<hubspot.Campaign>
function campaigns:all(options) end

--- Reads one e-mail campaign with its counters.
---@param id string|integer the e-mail campaign's id
---@param options? hubspot.Campaigns.GetOptions
---@return hubspot.Campaign?
---@return hubspot.Error?
function campaigns:get(id, options) end

--- Iterates over e-mail campaigns, the latest active first.
---@param options? hubspot.Campaigns.RecentOptions
---@return hubspot.Iterator<hubspot.Campaign>
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
---@return hubspot.Iterator<hubspot.EmailEvent>
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
---@return hubspot.Iterator<hubspot.SubscriptionChange>
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
---@param definition hubspot.SmtpTokenDefinition what it is for
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
---@param message hubspot.SingleSend what to send to whom
---@param options? hubspot.Transactional.SendOptions
---@return hubspot.SendResult?
---@return hubspot.Error?
function transactional:send(message, options) end

--- Reads the tokens of the SMTP API, without their passwords.
---@param options? hubspot.Transactional.TokensOptions
---@return hubspot.SmtpToken[]?
---@return hubspot.Error?
function transactional:tokens(options) end

---@class hubspot.OAuth
---@field client_id string
---@field client_secret string
---@field refresh_token string
---@field access_token? string where one is at hand
---@field expires_at? number when it ends, seconds since 1970
---@field on_refresh? fun(tokens: table) is given what to store
---@field share? table what lets several processes renew together

---@class hubspot.ClientOptions
---@field token? string|fun(): string?, any a service key or private-app token, or a function that returns it
---@field oauth? hubspot.OAuth instead of a token
---@field api_version? "2026-09"|"2026-03"|"v1" 2026-09 when left out
---@field base_url? string https://api.hubapi.com when left out
---@field allow_insecure? boolean whether base_url may be plain http to another machine
---@field application_id? string|integer the default of the timeline's methods
---@field developer_key? string with which HubSpot lets event types be managed
---@field user_id? string|integer sent beside the developer key
---@field portal_id? string|integer sent where v1 takes portalId
---@field timeout? number seconds for one attempt; 30 when left out
---@field connect_timeout? number seconds; 10 when left out
---@field deadline? number seconds for one request with all its retries and waits; 120 when left out
---@field retry? hubspot.ClientRetryOptions|false
---@field limiter? table|false
---@field loop? "plain"|"ngx"|"cqueues"|"luv"|"frame"|table by default that of the host
---@field transport? fun(request: table): table?, any
---@field user_agent? string appended to the library's own
---@field proxy? string
---@field ca_file? string
---@field max_response_bytes? integer 64 MiB when left out
---@field on? table<"request"|"response"|"retry"|"throttle"|"fallback", fun(event: table)>

---@class hubspot.Client
---@field contacts hubspot.Contacts
---@field properties hubspot.Properties
---@field lists hubspot.Lists
---@field timeline hubspot.Timeline
---@field campaigns hubspot.Campaigns
---@field email_events hubspot.EmailEvents
---@field subscriptions hubspot.Subscriptions
---@field transactional hubspot.Transactional
local client = {}

--- Sends any request with the client's token, limiter, retries and errors.
---@param options { method: string, path: string, query: table?, body: any, headers: table<string, string>?, idempotent: boolean?, timeout: number?, deadline: number?, retry: (hubspot.RetryOptions|false)? }
---@return any
---@return hubspot.Error?
function client:request(options) end

--- Runs a function for every item, several at once.
---@generic T, R
---@param items T[]
---@param fn fun(item: T): R?, any
---@param options? { concurrency: integer? }
---@return table<integer, R> results by the items' index
---@return table<integer, any> errors by the items' index
function client:map(items, fn, options) end

--- Ends all transfers under way and closes the connections.
function client:close() end

local hubspot = {}

---@type string
hubspot._VERSION = nil

--- JSON null, the same value as `cjson.null`.
---@type lightuserdata
hubspot.null = nil

--- Marks a table as a JSON array, so that an empty one is sent as `[]`.
---@generic T: table
---@param t? T
---@return T
function hubspot.array(t) end

--- The time that HubSpot takes, in milliseconds since 1970.
---@param seconds number since 1970, such as `os.time()` gives
---@return integer
function hubspot.time(seconds) end

--- Makes a client.
---@param options hubspot.ClientOptions
---@return hubspot.Client
function hubspot.new(options) end

---@class hubspot.RequestToVerify
---@field body? string of the request, byte for byte; none when left out
---@field client_secret string of the app, from its Auth settings
---@field crypto? table luaossl, lua-resty-openssl or OpenResty's resty.sha256 when left out
---@field headers table of the request, by name in any case
---@field method string of the request, such as "POST"
---@field now? integer|string what time it is; the system's when left out
---@field url string with scheme, host and query, as the app's settings have it: behind a proxy the server sees another
---@field versions? ("v1"|"v2"|"v3")[] of signatures to accept; all when left out. Only v3 tells when it was made: what is signed by v1 or v2 can be sent again by whoever has seen it, at any time

--- Whether a request to your server comes from HubSpot.
---@param request hubspot.RequestToVerify
---@return true?
---@return hubspot.Error?
function hubspot.verify_request(request) end

return hubspot
