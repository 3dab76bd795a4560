import streamlit as st

from services.registers import filings, memberships
from services.system import db
from services.words import vocabulary
from ui.frame import filters, session
from ui.frame.text import _, day, term
from ui.registers import membership_forms, tables

actor = session.require("page.alliances")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Alliances and filings"))
    together, on_file = st.tabs([_("Alliances and committees"), _("Filing and yearly review")])
    with together:
        bodies, found = memberships.bodies(data, here.path), memberships.members(data, here.path)
        with st.container(horizontal=True):
            st.metric(_("Alliances and committees"), len(bodies), border=True)
            st.metric(_("Members"), len(found), border=True)
            st.metric(_("Joined, no joint action"), sum(one.idle for one in found), border=True)
        membership_forms.join(data, actor, here, bodies)
        membership_forms.leave(actor, here, found)
        tables.show(
            [
                {
                    _("Alliance or committee"): one.body.name,
                    _("Kind"): term("organisation", one.body.kind),
                    _("Member"): one.member.name,
                    _("Joined on"): membership_forms.joined(one),
                    _("Joint actions since"): one.actions,
                    _("How it stands"): _("Joined, no joint action") if one.idle else _("Takes part"),
                }
                for one in found
            ],
            _("No member is entered here yet. Enter one above; an alliance or a committee comes in under Import."),
        )
        st.caption(
            _("A joint action is a matter it answers for or is a party to, since it joined; 100 are counted at most.")
        )
    with on_file:
        filed = filings.filings(data, here.path)
        with st.container(horizontal=True):
            for standing in vocabulary.codes("review"):
                st.metric(term("review", standing), sum(one.standing == standing for one in filed), border=True)
        membership_forms.file(data, actor, here)
        tables.show(
            [
                {
                    _("Organisation"): one.body.name,
                    _("Kind"): term("organisation", one.body.kind),
                    _("Area"): one.area,
                    _("How it stands"): term("review", one.standing),
                    _("Review due"): day(one.due),
                    _("Reviewed on"): day(one.filing.reviewed_on) if one.filing else "",
                    _("Filing number"): one.filing.number if one.filing else "",
                    _("Whom it serves"): one.filing.serves if one.filing else "",
                }
                for one in filed
            ],
            _("No organisation is on file here yet. Put one on file above."),
        )
