"""GeoJSON, Shapefile, KML and outlines in tables: one result, whatever form, coordinate system and encoding."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import Polygon, mapping, shape

from services.importing.source.size_limits import UNUSED_DRIVERS
from services.importing.source.source import Row, open_source
from services.system.errors import Refused
from services.system.settings import ROOT

NAMES = ["第一网格", "第二网格", "第三网格"]


def _square(lng: float, lat: float) -> Polygon:
    return Polygon([(lng, lat), (lng + 0.01, lat), (lng + 0.01, lat + 0.01), (lng, lat + 0.01)])


SQUARES = [_square(114.3 + at / 50, 22.7) for at in range(3)]


def _moved(crs: str, drawn: list[Polygon]) -> list[Polygon]:
    mover = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return [shapely.transform(one, lambda flat: np.column_stack(mover.transform(*flat.T))) for one in drawn]


def _collection(drawn: list[Any], **more: object) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"code": f"G{at}", "名称": NAMES[at % 3], "户数": 120.0}, "geometry": one}
        for at, one in enumerate(drawn, 1)
    ]
    return {"type": "FeatureCollection", "features": features, **more}


def _json(folder: Path, told: object) -> Path:
    path = folder / "a.geojson"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def _shapefile(
    folder: Path, *, crs: str | None = "EPSG:4547", encoding: str = "UTF-8", names: str = "名称", inside: str = ""
) -> Path:
    parts = folder / "parts"
    parts.mkdir()
    wkb = np.array([one.wkb for one in _moved(crs or "EPSG:4547", SQUARES)], dtype=object)
    fields = [np.array(["G1", "G2", "G3"], dtype=object), np.array(NAMES, dtype=object), np.array([120, 80, 95])]
    pyogrio.raw.write(
        parts / "网格.shp",
        wkb,
        fields,
        ["code", names, "n"],
        crs=crs or "EPSG:4547",
        geometry_type="Polygon",
        driver="ESRI Shapefile",
        encoding=encoding,
    )
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        for part in sorted(file.name for file in parts.iterdir()):
            if part.endswith(".prj") and not crs:
                continue
            packed.write(parts / part, f"{inside}{part}")
            packed.writestr(f"__MACOSX/{inside}._{part}", b"junk")
    return folder / "a.zip"


def _rows(path: Path) -> list[Row]:
    with open_source(path) as source:
        return list(source.rows())


def _is_where_it_was(rows: list[Row]) -> bool:
    found = [shape(row.geometry) for row in rows if row.geometry]
    return len(found) == 3 and all(
        one.symmetric_difference(other).area < 1e-9 for one, other in zip(found, SQUARES, strict=True)
    )


def test_geojson(tmp_path: Path) -> None:
    with open_source(_json(tmp_path, _collection([mapping(one) for one in SQUARES], name="网格"))) as source:
        layer = source.layers[0]
        assert (source.kind, source.crs, layer.name, layer.geometry) == ("geojson", "", "网格", "polygon")
        assert layer.columns == ["code", "名称", "户数"]
        assert next(source.rows()).cells == ["G1", "第二网格", "120"]
        assert _is_where_it_was(list(source.rows()))


@pytest.mark.parametrize(
    "crs", ["EPSG:4547", "urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4490"]
)
def test_geojson_in_another_coordinate_system(tmp_path: Path, crs: str) -> None:
    drawn = [mapping(one) for one in _moved(crs, SQUARES)]
    told = _collection(drawn, crs={"type": "name", "properties": {"name": crs}})
    assert _is_where_it_was(_rows(_json(tmp_path, told)))


def test_feet_of_new_york(tmp_path: Path) -> None:
    home = _square(-73.98, 40.75)
    told = _collection(
        [mapping(*_moved("EPSG:2263", [home]))], crs={"type": "name", "properties": {"name": "EPSG:2263"}}
    )
    with open_source(_json(tmp_path, told)) as source:
        assert source.crs == "EPSG:2263"
        assert shape(next(source.rows()).geometry or {}).symmetric_difference(home).area < 1e-9


def test_one_feature_a_line_and_a_bare_geometry(tmp_path: Path) -> None:
    features = _collection([mapping(one) for one in SQUARES])["features"]
    path = tmp_path / "a.geojsonl"
    path.write_text("\n".join(map(json.dumps, features)), encoding="utf-8")
    assert _is_where_it_was(_rows(path))
    assert [row.cells for row in _rows(_json(tmp_path, mapping(SQUARES[0])))] == [["1"]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[1, 2], [float("nan"), 3], [4, 5], [1, 2]]]},
        {"type": "Polygon", "coordinates": "nonsense"},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3]]]},
        ["x"],
    ],
    ids=str,
)
def test_one_broken_outline_is_a_fault_of_its_row_alone(tmp_path: Path, geometry: object) -> None:
    rows = _rows(_json(tmp_path, _collection([mapping(SQUARES[0]), geometry, None])))
    assert [row.fault is None for row in rows] == [True, False, True]
    assert [row.geometry is None for row in rows] == [False, True, True]


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:4490", "EPSG:4326"])
def test_a_zipped_shapefile(tmp_path: Path, crs: str) -> None:
    with open_source(_shapefile(tmp_path, crs=crs, inside="数据/网格/")) as source:
        assert (source.kind, source.crs, source.layers[0].name) == ("shapefile", crs, "网格")
        assert source.layers[0].columns == ["code", "名称", "n"]
        assert [row.cells for row in source.rows()] == [
            ["G1", NAMES[0], "120"],
            ["G2", NAMES[1], "80"],
            ["G3", NAMES[2], "95"],
        ]
        assert _is_where_it_was(list(source.rows()))


def test_a_shapefile_in_chinese_letters_of_old(tmp_path: Path) -> None:
    with open_source(_shapefile(tmp_path, encoding="GBK")) as source:
        assert [row.cells[1] for row in source.rows()] == NAMES
        assert [note.params for note in source.layers[0].notes] == [{"encoding": "GB18030"}]


def test_a_coordinate_system_with_a_chinese_name(tmp_path: Path) -> None:
    whole = _shapefile(tmp_path)
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.zip", "w") as named:
        for name in packed.namelist():
            named.writestr(name, packed.read(name).replace(b'PROJCS["', 'PROJCS["国家大地'.encode("gbk")))
    assert _is_where_it_was(_rows(tmp_path / "b.zip"))


def _refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        open_source(path)
    return refused.value.message


def test_a_shapefile_whose_field_names_were_cut(tmp_path: Path) -> None:
    whole = _shapefile(tmp_path, names="abcdefghij")
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.zip", "w") as cut:
        for name in packed.namelist():
            cut.writestr(name, packed.read(name).replace(b"abcdefghij", "所属街道".encode()[:10]))
    assert _refusal(tmp_path / "b.zip").startswith("The names of the columns can't be read")


def test_numbers_that_are_no_degrees_need_a_coordinate_system(tmp_path: Path) -> None:
    assert _refusal(_shapefile(tmp_path, crs=None)).startswith("The file does not say in which coordinate system")
    told = _collection([mapping(one) for one in _moved("EPSG:4547", SQUARES)])
    assert _refusal(_json(tmp_path, told)).startswith("The file does not say in which coordinate system")
    unknown = told | {"crs": {"type": "name", "properties": {"name": "EPSG:999999"}}}
    assert _refusal(_json(tmp_path, unknown)).startswith("The coordinate system {name}")


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts(tmp_path: Path, part: str) -> None:
    whole = _shapefile(tmp_path)
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.zip", "w") as less:
        for name in packed.namelist():
            if not name.endswith(part):
                less.writestr(name, packed.read(name))
    if part == ".shx":
        assert _refusal(tmp_path / "b.zip").startswith("The part .shx")
    else:
        assert _is_where_it_was(_rows(tmp_path / "b.zip"))


@pytest.mark.parametrize("share", [1, 4, 7, 9])
@pytest.mark.parametrize("part", ["zip", ".shp", ".dbf", ".shx", ".prj"])
def test_a_shapefile_cut_off_anywhere_is_refused_or_says_which_rows(tmp_path: Path, part: str, share: int) -> None:
    whole = _shapefile(tmp_path)
    if part == "zip":
        whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * share // 10])
    else:
        with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.zip", "w") as less:
            for name in packed.namelist():
                content = packed.read(name)
                less.writestr(name, content[: len(content) * share // 10] if name.endswith(part) else content)
        whole = tmp_path / "b.zip"
    try:
        rows = _rows(whole)
    except Refused:
        return
    assert part != "zip" and all(row.geometry is None or shape(row.geometry).area < 2e-4 for row in rows)


def test_a_name_from_an_archive_never_reaches_the_disk(tmp_path: Path) -> None:
    whole = _shapefile(tmp_path)
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.zip", "w") as evil:
        for name in packed.namelist():
            if "MACOSX" not in name:
                evil.writestr(f"../../../../tmp/mulin-escaped/{name}", packed.read(name))
    assert _is_where_it_was(_rows(tmp_path / "b.zip"))
    assert not Path("/tmp/mulin-escaped").exists()


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<NetworkLink><Link><href>http://127.0.0.1:1/x.kml</href></Link></NetworkLink><Folder><name>网格</name>{marks}</Folder>
</Document></kml>"""


def _kml() -> str:
    marks = [
        f"<Placemark><name>{name}</name><ExtendedData><Data name='户数'><value>12</value></Data></ExtendedData>"
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{' '.join(f'{x},{y},5' for x, y in one.exterior.coords)}"
        f"</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for name, one in zip(NAMES, SQUARES, strict=True)
    ]
    return KML.format(marks="".join(marks))


@pytest.mark.parametrize("packed", [False, True])
def test_kml_and_kmz(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.kml"
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("doc.kml", _kml())
    else:
        path.write_text(_kml(), encoding="utf-8")
    with open_source(path) as source:
        rows = list(source.rows())
        assert (source.kind, source.layers[0].columns) == ("kml", ["name", "folder", "户数"])
    assert _is_where_it_was(rows) and [row.cells for row in rows] == [[name, "网格", "12"] for name in NAMES]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "cccc">]><kml><Placemark><name>&b;</name></Placemark></kml>',
        "<kml><Placemark><name>a",
        "<kml>" + "<Folder>" * 100_000,
    ],
    ids=["entities", "cut", "deep"],
)
def test_a_hostile_kml(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.kml").write_text(text)
    assert _refusal(tmp_path / "a.kml").startswith("The file is damaged")


def test_a_kml_with_broken_and_other_outlines(tmp_path: Path) -> None:
    def mark(drawn: str) -> str:
        return f"<Placemark><name>x</name>{drawn}</Placemark>"

    ring = "<coordinates>114,22 114.1,22 114.1,22.1</coordinates>"
    outer = f"<outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs>"
    drawn = ["<Point><coordinates>114.3,22.7,1</coordinates></Point>", "<Point><coordinates>x</coordinates></Point>"]
    drawn += ["", f"<MultiGeometry><Polygon>{outer}</Polygon><Polygon>{outer}</Polygon></MultiGeometry>"]
    (tmp_path / "a.kml").write_text(f"<kml><Document>{''.join(map(mark, drawn))}</Document></kml>")
    rows = _rows(tmp_path / "a.kml")
    assert [row.geometry and row.geometry["type"] for row in rows] == ["Point", None, None, "MultiPolygon"]
    assert [row.fault is None for row in rows] == [True, False, True, True]


@pytest.mark.parametrize("prefix", ["", "SRID=4326;"])
def test_outlines_in_a_column_of_a_table(tmp_path: Path, prefix: str) -> None:
    lines = [
        f'{at},"{prefix}MULTI{one.wkt.replace("POLYGON (", "POLYGON ((")})",{NAMES[at]}'
        for at, one in enumerate(SQUARES)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,the_geom,name", *lines, '9,"MULTIPOLYGON (((1 2",x', "10,,y"]), encoding="utf-8")
    with open_source(path) as source:
        rows = list(source.rows())
        assert (source.layers[0].columns, source.layers[0].geometry) == (["id", "name"], "polygon")
    assert _is_where_it_was(rows) and [row.fault is None for row in rows] == [True, True, True, False, True]


def test_points_in_a_column_stay_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,where\n1,POINT (-73.98 40.75)\n2,\n3,POINT (-73.9 40.7)\n", encoding="utf-8")
    with open_source(path) as source:
        rows = list(source.rows())
        assert source.layers[0].geometry == "point"
    assert rows[0].cells[1] == "POINT (-73.98 40.75)" and rows[1].geometry is None
    assert rows[0].geometry == {"type": "Point", "coordinates": [-73.98, 40.75]}


def test_only_one_driver_can_be_reached() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import pyogrio; print(sorted(pyogrio.list_drivers()))"],
        env={"GDAL_SKIP": UNUSED_DRIVERS, "OGR_SKIP": UNUSED_DRIVERS},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['ESRI Shapefile']", "Add the new drivers to UNUSED_DRIVERS in limits.py."
