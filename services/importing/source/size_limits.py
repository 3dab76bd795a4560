"""How large somebody's file may be, and how much memory and time the reader may use."""

MAX_BYTES = 600_000_000
MAX_DRAWN_BYTES = 300_000_000  # a file of boundaries is held in memory as a whole
MAX_UNPACKED = 2_000_000_000
MAX_RATIO = 200  # of unpacked to packed: office files reach 60, bombs 1,000
MAX_PARTS = 2_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_CELL = 32_767  # what a spreadsheet can hold
MAX_DRAWING = 20_000_000  # characters of one outline written as text
MAX_SHEETS = 40

MEMORY = 4_000_000_000
CPU_SECONDS = 600
WALL_SECONDS = 900
WRITTEN = 3_000_000_000

# Between cells, and for a line break inside one: the reader takes both characters out of every text.
CELL, BREAK = "\x1f", "\x1e"

# Everything GDAL could open besides Shapefiles: some follow links, some run queries, none is asked for.
UNUSED_DRIVERS = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,Elasticsearch,FlatGeobuf,GDALG,"
    "GML,GPKG,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MBTiles,MEM,MVT,MapML,"
    "MapInfo File,MiraMonVector,NGW,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,"
    "PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,WFS,XLSX"
)
