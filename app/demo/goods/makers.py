"""The twelve workshops behind the shop."""

from __future__ import annotations

from app.demo.draft import Maker

MAKERS: tuple[Maker, ...] = (
    Maker(slug="hollin-pottery", name="Hollin Pottery", place="Hebden Bridge, Yorkshire", story="Ruth and Imran Hollin throw in a former dye works beside the canal. Two wheels, one gas kiln, a firing every nine days. They mix their glazes from ash, iron and local clay, and keep a shelf of the ones that went wrong, because some of those are the best."),
    Maker(slug="dunmore-clay", name="Dunmore Clay", place="Anstruther, Fife", story="Jugs have been made on this harbour for two hundred years, mostly for fishwives and never for show. Elspeth Dunmore still pulls every handle herself and tests each spout under the tap before it goes near the kiln."),
    Maker(slug="sella-lighting", name="Sella Lighting", place="Sheffield, Yorkshire", story="A four-person workshop in the old cutlery quarter. The bases are thrown in the next street, the shades are sewn upstairs, and every lamp is wired, lit for an hour and signed underneath."),
    Maker(slug="orrin-metalwork", name="Orrin Metalwork", place="Jewellery Quarter, Birmingham", story="Three generations of metal spinners. A disc of steel goes on the lathe and leaves it ninety seconds later as a shade; learning to do that takes about six years. The enamel is fired on at 820 degrees."),
    Maker(slug="weald-joinery", name="Weald Joinery", place="Mayfield, East Sussex", story="Tom Akehurst builds chairs from trees he can usually point to. The legs are split, not sawn, so the grain runs all the way down; the joints are wedged, not screwed. He will mend any chair he made, for nothing, for as long as he works."),
    Maker(slug="ridge-and-rail", name="Ridge & Rail", place="Hay-on-Wye, Powys", story="Furniture and shelves for houses where no wall is straight. Everything comes apart with one key, travels flat, and goes together without a diagram of seventeen steps."),
    Maker(slug="field-bindery", name="Field Bindery", place="Stokes Croft, Bristol", story="Six binders, two folding machines from 1961 and a great deal of linen thread. Each book is sewn through the fold so that it opens flat on its first day and on its thousandth."),
    Maker(slug="cumber-pencils", name="Cumber Pencil Company", place="Keswick, Cumbria", story="Graphite was found in this valley in the 1500s, first used for marking sheep. The pencils are still made within sight of the hole it came out of, from incense cedar that sharpens like butter."),
    Maker(slug="brae-weavers", name="Brae Weavers", place="Galashiels, Scottish Borders", story="A mill of eleven looms in a town that once had hundreds. Lambswool is spun in the valley, woven wide and slow, washed in soft water and finished with a teasel, the plant, because nothing better has been found."),
    Maker(slug="kite-mill", name="Kite Mill", place="Saltaire, West Yorkshire", story="Flat-weave rugs and linen on looms that were rescued from a skip. Designs are drawn full size on the floor and walked on for a week before anyone weaves them."),
    Maker(slug="noon-instruments", name="Noon Instruments", place="Coventry, Warwickshire", story="The last clockmakers on a street that used to set the time for half of England. Quartz movements that do not tick, faces glazed like plates, and a service card that is good for twenty years."),
    Maker(slug="contour-press", name="Contour Press", place="Leith, Edinburgh", story="A print studio above a chandler’s. Designs begin as a few rules and a seed number, are drawn by a patient machine and finished by people who sign each sheet in pencil."),
)  # fmt: skip
