-- What somebody with the owner's rights does behind the program's back: `-- <row that must be named>: <deed>`, then how.
-- {name} stands for the id of a row of `test_behind_the_back.py`, {new} for a new one.

-- paid: a paid payment goes to another
UPDATE fund_paymentrequest SET payee = '别家' WHERE id = {paid};

-- paid: it was for something else
UPDATE fund_paymentrequest SET title = '茶叶' WHERE id = {paid};

-- paid: it was approved by another
UPDATE fund_paymentrequest SET approved_by_id = {outsider} WHERE id = {paid};

-- paid: it was submitted by another
UPDATE fund_paymentrequest SET submitted_by_id = {outsider} WHERE id = {paid};

-- paid: it was paid by another
UPDATE fund_paymentrequest SET paid_by_id = {outsider} WHERE id = {paid};

-- paid: it was another amount
UPDATE fund_paymentrequest SET amount_fen = 1 WHERE id = {paid};

-- asked: what waits goes to another
UPDATE fund_paymentrequest SET payee = '别家' WHERE id = {asked};

-- approved: what was approved is another amount
UPDATE fund_paymentrequest SET amount_fen = amount_fen + 1 WHERE id = {approved};

-- asked: what was asked for was refused
UPDATE fund_paymentrequest SET state = 'refused' WHERE id = {asked};

-- asked: a request is gone
DELETE FROM fund_paymentrequest WHERE id = {asked};

-- gift: a gift was given by another
UPDATE fund_donation SET donor_name = '别人' WHERE id = {gift};

-- gift: its giver is another resident
UPDATE fund_donation SET resident_id = {sister} WHERE id = {gift};

-- gift: its giver was forgotten
UPDATE fund_donation SET donor_name = '', is_named = false, resident_id = NULL, salt = '' WHERE id = {gift};

-- gift: it came another way
UPDATE fund_donation SET channel = 'residents' WHERE id = {gift};

-- gift: it was another amount, in the ledger too
UPDATE fund_donation SET amount_fen = 9 WHERE id = {gift};
UPDATE ledger_transfer SET amount = 9 WHERE source = 'fund.donation:' || {gift};

-- taken back: what was taken back was not
UPDATE fund_donation SET reversed_at = NULL WHERE id = {taken back};

-- came: an attendance is gone
DELETE FROM activities_attendance WHERE id = {came};

-- guests: a thousand guests
UPDATE activities_attendance SET people = 1000 WHERE id = {guests};

-- tea: a thousand guests more
INSERT INTO activities_attendance (id, community_id, session_id, people, method, happened_at, recorded_at,
    nonce, turn, fee_fen) SELECT {new}, community_id, session_id, 1000, 'roster', now(), now(), {new},
    0, 0 FROM activities_attendance WHERE id = {guests};

-- came: somebody else came
UPDATE activities_attendance SET resident_id = {cousin} WHERE id = {came};

-- void: a void is gone
DELETE FROM activities_attendance WHERE id = {void};

-- gave up: they did enrol
UPDATE activities_enrollment SET state = 'confirmed' WHERE id = {gave up};

-- enrolled: they gave up
UPDATE activities_enrollment SET state = 'cancelled' WHERE id = {enrolled};

-- enrolled: another has the seat
UPDATE activities_enrollment SET resident_id = {sister} WHERE id = {enrolled};

-- called off: what was called off takes place
UPDATE activities_session SET state = 'planned', cancel_reason = '' WHERE id = {called off};

-- tea: a date is called off
UPDATE activities_session SET state = 'cancelled', cancel_reason = 'x' WHERE id = {tea};

-- tea: a date is another
UPDATE activities_session SET starts_at = starts_at - interval '1 day' WHERE id = {tea};

-- planned: an activity was never shown
UPDATE activities_activity SET state = 'draft' WHERE id = {planned};

-- new: a duty by hand
INSERT INTO people_duty (id, community_id, account_id, role, scope, since) SELECT {new}, community_id,
    {outsider}, 'secretary', '', since FROM people_duty WHERE id = {duty};

-- duty: a duty is another
UPDATE people_duty SET role = 'secretary' WHERE id = {duty};

-- duty: a duty is another's
UPDATE people_duty SET account_id = {outsider} WHERE id = {duty};

-- duty: a duty reaches further
UPDATE people_duty SET scope = 'organizations.organization:' || {choir} WHERE id = {duty};

-- ended duty: an ended duty goes on
UPDATE people_duty SET until = NULL WHERE id = {ended duty};

-- duty: a duty ends
UPDATE people_duty SET until = since WHERE id = {duty};

-- duty: a duty is gone
DELETE FROM people_duty WHERE id = {duty};

-- neighbour: a consent is gone
DELETE FROM people_consent WHERE id = {consent};

-- neighbour: a consent was taken back
UPDATE people_consent SET withdrawn_at = now() WHERE id = {consent};

-- back: a consent was not taken back
UPDATE people_consent SET withdrawn_at = NULL WHERE id = {back};

-- new: a consent by hand
INSERT INTO people_consent (id, community_id, resident_id, text_id, given_at) SELECT {new}, community_id,
    {sister}, text_id, now() FROM people_consent WHERE id = {consent};

-- text: what people agreed to
UPDATE people_consenttext SET text = text || '及其他' WHERE id = {text};

-- read: nobody looked
DELETE FROM people_sensitiveread WHERE id = {read};

-- read: somebody else looked
UPDATE people_sensitiveread SET reader_id = {outsider} WHERE id = {read};

-- sister: somebody stands by them
INSERT INTO people_relation (id, community_id, resident_id, helper_id, kind, since) SELECT {new}, community_id,
    {sister}, {neighbour}, 'proxy', current_date FROM people_relation WHERE id = {relation};

-- neighbour: somebody else stands by them now
UPDATE people_relation SET kind = 'proxy' WHERE id = {relation};

-- sister: somebody is on the register
UPDATE people_resident SET number = 999 WHERE id = {sister};

-- sister: somebody is forgotten
UPDATE people_resident SET erased_at = now() WHERE id = {sister};

-- new: a membership by hand
INSERT INTO organizations_membership (id, community_id, organization_id, resident_id, title, since) SELECT
    {new}, community_id, organization_id, {sister}, '', since FROM organizations_membership WHERE id = {member};

-- member: a membership is gone
DELETE FROM organizations_membership WHERE id = {member};

-- one of many: one of many is gone
DELETE FROM organizations_membership WHERE id = {one of many};

-- one of many: a member is another
UPDATE organizations_membership SET resident_id = {sister} WHERE id = {one of many};

-- left: who left belongs to it
UPDATE organizations_membership SET until = NULL WHERE id = {left};

-- leads: a member left
UPDATE organizations_membership SET until = since WHERE id = {leads};

-- choir: another leads
UPDATE organizations_organization SET leader_id = {sister} WHERE id = {choir};

-- choir: it is registered
UPDATE organizations_organization SET status = 'registered', registered_on = current_date, credit_code = '1'
    WHERE id = {choir};

-- article: what readers see
UPDATE news_article SET html = '<p>不亮</p>' WHERE id = {article};

-- draft: what is in the draft
UPDATE news_article SET html = '<p>不亮</p>' WHERE id = {draft};

-- article: what was written
UPDATE news_article SET text = '不亮。' WHERE id = {article};

-- article: what it is called
UPDATE news_article SET title = '路灯坏了' WHERE id = {article};

-- article: what it says in one sentence
UPDATE news_article SET digest = '不亮' WHERE id = {article};

-- article: who reviewed it
UPDATE news_article SET reviewer_id = {outsider} WHERE id = {article};

-- article: everyone must read it
UPDATE news_article SET is_notice = true, is_important = true WHERE id = {article};

-- draft: a draft is published
UPDATE news_article SET state = 'published', published_at = now(), reviewer_id = {outsider} WHERE id = {draft};

-- revision: what it said then
UPDATE news_revision SET text = '不亮。' WHERE id = {revision};

-- revision: all it said, now and then
UPDATE news_revision SET text = '不亮。' WHERE id = {revision};
UPDATE news_article SET text = '不亮。', html = '<p>不亮。</p>' WHERE id = {article};

-- tea: its room is free
UPDATE timetable_allocation SET state = 'released' WHERE source = 'activities.session:' || {tea};

-- tea: its room is taken at another time
UPDATE timetable_allocation SET during = tstzrange(lower(during), upper(during) + interval '1 hour'),
    buffered = tstzrange(lower(during), upper(during) + interval '1 hour')
    WHERE source = 'activities.session:' || {tea};

-- tea: another room is taken
UPDATE timetable_allocation SET subject_id = {new} WHERE source = 'activities.session:' || {tea};

-- called off: it still takes its room
UPDATE timetable_allocation SET state = 'confirmed' WHERE source = 'activities.session:' || {called off};

-- choir: a kind nobody knows
UPDATE organizations_organization SET kind = 'guild' WHERE id = {choir};

-- duty: a role nobody knows
UPDATE people_duty SET role = 'king' WHERE id = {duty};

-- ended duty: a duty within nothing
UPDATE people_duty SET scope = 'organizations.organization:' || {new} WHERE id = {ended duty};

-- planned: put on by nobody
UPDATE activities_activity SET organizer = 'organizations.organization:' || {new} WHERE id = {planned};

-- asked: asked for by nobody
UPDATE fund_paymentrequest SET organization = 'organizations.organization:' || {new} WHERE id = {asked};

-- draft: written in nobody's name
UPDATE news_article SET organization_source = 'organizations.organization:' || {new} WHERE id = {draft};

-- gift: it followed from nothing
UPDATE fund_donation SET source = 'activities.attendance:' || {new} WHERE id = {gift};
