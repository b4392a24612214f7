"""When this happens, then that follows. The whole of it, on one page."""

from __future__ import annotations

from weiyifang.activities import events as activities
from weiyifang.capacity.events import OfferLapsed, PlaceOffered, PlaceTakenFromList, TurnNotReached
from weiyifang.communities.events import RuleSet
from weiyifang.core.events import Reactions
from weiyifang.errands import events as errands
from weiyifang.fund import events as fund
from weiyifang.news import events as news
from weiyifang.organizations import events as organizations
from weiyifang.people import events as people
from weiyifang.reactions import (
    forgetting,
    helping,
    money,
    notices,
    notices_acts,
    notices_draws,
    notices_helping,
    notices_shows,
    notices_stalls,
    notices_talents,
    paper,
    seats,
    shows,
    skills,
    things,
)
from weiyifang.sharing import events as sharing
from weiyifang.stage import events as stage
from weiyifang.talents import events as talents
from weiyifang.volunteering import events as volunteering

REACTIONS: Reactions = {
    # a pool of places → the enrolment that queued for it
    PlaceOffered: [seats.note_offer],
    PlaceTakenFromList: [seats.confirm, notices.moved_up],
    OfferLapsed: [seats.close],
    TurnNotReached: [seats.not_reached],
    # activities → the fund
    activities.LessonAttended: [money.receive_lesson_fee],
    activities.LessonVoided: [money.give_lesson_fee_back],
    activities.StallProceedsCounted: [money.receive_market_proceeds],
    activities.StallProceedsTakenBack: [money.give_market_proceeds_back],
    # shows → the fund
    stage.IncomeReceived: [shows.receive_share, notices_shows.show_paid],
    stage.IncomeGivenBack: [shows.give_share_back, notices_shows.show_money_given_back],
    # somebody leaves the community, or comes back → where they help and play, what was asked of them and by them, what
    # they booked, what they are enrolled in
    people.ResidentLeft: [
        helping.hold,
        shows.hold,
        skills.hold,
        things.give_up,
        helping.sign_off,
        skills.end,
        shows.give_up,
        seats.give_up,
    ],
    people.ResidentReturned: [seats.take_back],
    # somebody takes back the yes to being noted as a volunteer, shown as a talent, or to details of health → they sign
    # off, are off the list, and what they need is kept no longer
    people.ConsentWithdrawn: [forgetting.end_needs, helping.consent_withdrawn, skills.consent_withdrawn],
    # a community's own rules → the paper
    RuleSet: [paper.open_column],
    # an organization ends → it plays no show, what it had asked of talents is closed, what it had booked is free again
    organizations.OrganizationDissolved: [
        shows.hold,
        skills.organization_gone,
        seats.give_up_stalls,
        things.give_up,
        shows.give_up,
    ],
    # what happened → whoever it concerns is told, and what asked somebody for it is put away
    activities.EnrollmentOffered: [notices.seat_offered],
    activities.EnrollmentConfirmed: [notices.seat_taken],
    activities.EnrollmentLapsed: [notices.seat_answered, notices.offer_lapsed],
    activities.EnrollmentNotReached: [notices.not_reached],
    activities.EnrollmentCancelled: [notices.called_off],
    activities.SessionCancelled: [notices.lesson_called_off, notices_acts.stage_called_off, notices_stalls.market_off],
    activities.SeatsGiven: [notices_draws.seats_given],
    activities.SessionReminded: [notices.day_before],
    activities.MessageWritten: [notices.organizer_wrote],
    activities.SessionMoved: [notices.date_moved, notices_acts.stage_date_moved, notices_stalls.market_moved],
    activities.StallTaken: [notices_stalls.stall_given],
    activities.StallGivenBack: [notices_stalls.stall_gone],
    activities.ActivityEdited: [notices.elsewhere, notices_acts.stage_elsewhere, notices_stalls.market_elsewhere],
    activities.RunningOrderPublished: [notices_acts.on_stage],
    activities.ActAdded: [notices_acts.stage_times_moved],
    activities.ActEdited: [notices_acts.another_performs, notices_acts.stage_times_moved],
    activities.ActMoved: [notices_acts.stage_times_moved],
    activities.ActTakenOut: [notices_acts.stage_times_moved, notices_acts.off_stage],
    fund.PaymentSubmitted: [notices.payment_moved_on, notices.payment_to_approve],
    fund.PaymentApproved: [notices.payment_moved_on, notices.payment_to_pay],
    fund.PaymentSentBack: [notices.payment_moved_on, notices.payment_sent_back],
    fund.PaymentRefused: [notices.payment_moved_on, notices.payment_refused],
    fund.PaymentLapsed: [notices.payment_moved_on, notices.payment_lapsed],
    fund.PaymentWithdrawn: [notices.payment_moved_on],
    fund.PaymentMade: [notices.payment_moved_on],
    fund.MoneyMoveAsked: [notices.move_to_confirm],
    fund.MoneyMoved: [notices.decided_by_two],
    fund.MoneyMoveRefused: [notices.decided_by_two],
    fund.MoneyMoveWithdrawn: [notices.decided_by_two],
    fund.PaymentCorrectionAsked: [notices.correction_to_confirm],
    fund.PaymentCorrected: [notices.decided_by_two],
    fund.PaymentCorrectionRefused: [notices.decided_by_two],
    fund.PaymentCorrectionWithdrawn: [notices.decided_by_two],
    fund.MonthClosed: [notices.month_sealed],
    news.ArticleSubmitted: [notices.article_moved_on, notices.article_to_review],
    news.ArticleSentBack: [notices.article_moved_on, notices.article_sent_back],
    news.ArticlePublished: [notices.article_moved_on],
    organizations.JoinAsked: [notices.asked_to_join],
    organizations.JoinAccepted: [notices.joining_answered, notices.taken_in],
    organizations.JoinDeclined: [notices.joining_answered, notices.not_taken_in],
    organizations.JoinWithdrawn: [notices.joining_answered],
    volunteering.TeamJoined: [notices_helping.joined_team],
    volunteering.TeamEnded: [notices_helping.team_ended],
    volunteering.ShiftChanged: [notices_helping.shift_changed],
    volunteering.ShiftCalledOff: [notices_helping.shift_called_off],
    volunteering.SlotTaken: [notices_helping.put_into_shift],
    volunteering.SlotGivenBack: [notices_helping.shift_given_back],
    volunteering.StandInSought: [notices_helping.stand_in_sought],
    volunteering.StandInSearchEnded: [notices_helping.stand_in_search_ended],
    volunteering.SwapOffered: [notices_helping.swap_offered],
    volunteering.ShiftsSwapped: [notices_helping.shifts_swapped],
    volunteering.HelpTaken: [notices_helping.help_taken],
    volunteering.HelpOpenAgain: [notices_helping.help_open_again],
    volunteering.HelpNotFound: [notices_helping.help_not_found],
    volunteering.TimeGiven: [notices_helping.time_given],
    volunteering.TimeTakenBack: [notices_helping.time_taken_back],
    volunteering.HoursRefused: [notices_helping.hours_not_counted],
    volunteering.HoursTakenBack: [notices_helping.hours_not_counted],
    stage.TroupesAsked: [notices_shows.troupe_asked],
    stage.ShowOffered: [notices_shows.troupe_answered],
    stage.ShowDeclined: [notices_shows.troupe_answered],
    stage.EngagementAgreed: [notices_shows.show_agreed],
    stage.PerformersPutIn: [notices_shows.put_into_line_up],
    stage.PerformerSteppedBack: [notices_shows.out_of_line_up],
    stage.EngagementCancelled: [notices_shows.show_called_off],
    talents.TalentAsked: [notices_talents.talent_asked],
    talents.TalentAccepted: [notices_talents.talent_answered, notices_talents.talent_accepted],
    talents.TalentDeclined: [notices_talents.talent_answered, notices_talents.talent_declined],
    talents.TalentRequestWithdrawn: [notices_talents.talent_answered, notices_talents.talent_no_longer_asked],
    talents.TalentRequestClosed: [notices_talents.talent_answered, notices_talents.talent_request_closed],
    talents.TalentThanked: [notices_talents.talent_thanked],
    sharing.BookingsMade: [notices.booking_to_answer],
    sharing.BookingsApproved: [notices.booking_answered, notices.booking_approved],
    sharing.BookingsRefused: [notices.booking_answered, notices.booking_refused],
    sharing.BookingsMoved: [notices.booking_moved],
    sharing.BookingsCancelled: [notices.booking_answered, notices.booking_called_off],
    sharing.BookingOverdue: [notices.booking_overdue],
    sharing.ThingsGivenBack: [notices.booking_is_back],
    sharing.BookingLapsed: [notices.booking_answered, notices.booking_lapsed],
    people.DutyGiven: [notices.duty_given],
    people.DutyEnded: [notices.duty_ended],
    people.RelationBegun: [notices.relation_begun],
    people.RelationEnded: [notices.relation_ended],
    errands.ErrandDone: [notices.errand_done],
    errands.ErrandNotDone: [notices.errand_not_done],
    errands.ErrandFileFetched: [notices.errand_seen],
    # a person asked to be forgotten → whoever keeps something of theirs
    people.PersonErased: [
        forgetting.forget_contacts,
        helping.forget,
        forgetting.forget_member,
        shows.forget,
        skills.forget,
        forgetting.forget_purposes,
        things.give_up,
        helping.sign_off,
        skills.end,
        shows.give_up,
        seats.give_up,
        forgetting.forget_notes,
        forgetting.forget_giver,
        forgetting.forget_reasons,
        forgetting.forget_lists,
        forgetting.forget_notices,
        forgetting.forget_papers,
    ],
}
