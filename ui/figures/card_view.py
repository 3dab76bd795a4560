"""A mechanism card: name, formula, the live evidence behind it, and every published figure beside its recount."""

import pandas as pd
import streamlit as st

from services.figures import cards
from services.figures.card_evidence import Evidence
from services.figures.cards import FAILS, HOLDS, Card, Figure, Recount
from ui.frame.links import page_link
from ui.frame.text import _, language, md, term

_SHAPES = {HOLDS: "✓", FAILS: "✗"}


def show(card: Card, proof: Evidence | None, recounts: list[Recount]) -> None:
    """One card, folded; its evidence and figures inside."""
    chinese = language().startswith("zh")
    unbuilt, formula_label = _("flow not built yet"), _("Formula")
    mark = "" if card.flow_built else f" · {unbuilt}"
    with st.expander(f"**{card.no}** {md(card.zh if chinese else card.en)}{mark}"):
        st.markdown(md(card.gloss_zh if chinese else card.gloss_en))
        if formula := card.formula_zh if chinese else card.formula_en:
            st.caption(f"{formula_label}: {md(formula)}")
        if card.note:
            st.warning(_(card.note), icon=":material/construction:")
        if proof is not None:
            _proof(proof)
        if recounts:
            _figures(recounts, chinese)
            page_link("casebook", _("In the casebook"), icon=":material/fact_check:", card=str(card.no))


def _proof(proof: Evidence) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        unit = term("counted", proof.flow) if proof.flow else _(proof.unit)
        st.markdown(f"**{proof.count:,}** {unit} · {md(proof.area)}")
        page_link(proof.page, _("Show the records"), icon=":material/arrow_forward:", **proof.query)


def _figures(recounts: list[Recount], chinese: bool) -> None:
    others = [one.figure for one in recounts]
    st.dataframe(
        pd.DataFrame([_row(one, others, chinese) for one in recounts]), hide_index=True, placeholder="–", height="auto"
    )


def _row(one: Recount, others: list[Figure], chinese: bool) -> dict[str, str]:
    figure = one.figure
    return {
        _("Published"): figure.zh if chinese else figure.en,
        _("Figure"): " · ".join(filter(None, (figure.shown(language()), cards.ratio(figure, others, language())))),
        _("Period"): figure.period_zh if chinese else figure.period_en,
        _("Recount"): f"{one.evidence.count:,} · {one.evidence.area}" if one.evidence else "",
        _("Verdict"): f"{_SHAPES.get(one.verdict, '–')} {term('recount', one.verdict)}",
        _("Definition"): figure.definition_zh if chinese else figure.definition_en,
        _("Source"): figure.source,
    }
