import pandas as pd
import streamlit as st

from services.matters import organisations
from services.rights.permissions import reads_all
from services.system import db
from ui.frame import exports, filters, session
from ui.frame.text import _, term

actor = session.require("page.organisations")


def show(rows: list[dict[str, object]]) -> None:
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="auto" if len(rows) < 12 else 470)
    else:
        st.info(_("Nothing is registered here yet."), icon=":material/info:")


with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Organisations"))
    bodies, forums, venues, offices, offers = st.tabs(
        [_("Organisations"), _("Forums"), _("Venues"), _("Offices"), _("Offers")]
    )
    with bodies:
        exports.buttons(actor, "organisations", here)
        still = organisations.open_matters(data, actor) if reads_all(actor) else {}
        show(
            [
                {
                    _("Name"): body.name,
                    _("Kind"): term("organisation", body.kind),
                    _("Area"): area,
                }
                | ({_("Open matters"): still.get(body.id, 0)} if reads_all(actor) else {})
                for body, area in organisations.organisations(data, here.path)
            ]
        )
    with forums:
        exports.buttons(actor, "forums", here)
        show(
            [
                {_("Name"): forum.name, _("Area"): area, _("Expected"): forum.expected, _("About"): forum.description}
                for forum, area in organisations.forums(data, here.path)
            ]
        )
    with venues:
        exports.buttons(actor, "venues", here)
        show(
            [
                {
                    _("Name"): venue.name,
                    _("Kind"): term("venue", venue.kind),
                    _("Area"): area,
                    _("Seats"): venue.capacity,
                    _("Hours"): venue.hours,
                }
                for venue, area in organisations.venues(data, here.path)
            ]
        )
    with offices:
        exports.buttons(actor, "offices", here)
        show(
            [
                {
                    _("Office"): office.title,
                    _("Kind"): term("office", office.kind),
                    _("Area"): area,
                    _("Filled"): _("yes") if office.filled else _("vacant"),
                    _("Households"): office.households,
                }
                for office, area in organisations.offices(data, here.path)
            ]
        )
    with offers:
        exports.buttons(actor, "offers", here)
        show(
            [
                {
                    _("Name"): item.name,
                    _("Kind"): term("item", item.kind),
                    _("Organisation"): body,
                    _("Area"): area,
                    _("Which one"): item.instance,
                    _("Usable at one time"): item.capacity,
                    _("Hours"): item.hours,
                }
                for item, body, area in organisations.offers(data, here.path)
            ]
        )
