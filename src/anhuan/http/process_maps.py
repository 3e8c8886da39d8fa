"""What a drawn process costs, and beside it what is measured since a system runs it."""

from pydantic import BaseModel, Field
from starlette.requests import Request

from anhuan.app.figure_words import wait_name
from anhuan.app.permission import Permission
from anhuan.app.statistics import KindUnknown
from anhuan.core.figures import waited_hours
from anhuan.core.process_cost import MEASURED, process_cost
from anhuan.core.waiting import ORDER
from anhuan.domain.plant_items import ProcessMap
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.speaking import viewer_of

routes = Routes("plant")


class StepCostBody(BaseModel):
    """A step of the map; amounts are of a month."""

    place: int = Field(description="From 1.")
    lane: str
    name: str
    kind: str
    means: str
    times: float
    work_hours: float
    waited_hours: float
    relief: float = Field(description="Hours of work, and a tenth of those waited; 0 for what no system replaces.")


class WaitBeside(BaseModel):
    """Hours that a case waits: as drawn, and as measured of cases closed here."""

    key: str
    name: str
    drawn: float
    measured: float | None = Field(description="Null: nothing was closed yet, or the map names no kind.")


class ProcessCostBody(BaseModel):
    """A map with what it costs."""

    id: str
    name: str
    is_example: bool
    remark: str
    cases_per_month: float
    steps: list[StepCostBody]
    work_hours: float = Field(description="A month.")
    waited_hours_per_case: float
    replace_first: list[int] = Field(description="Places of steps, the one that gives the most relief first.")
    waits: list[WaitBeside]


@routes.get("/plant/process_map/{id}/cost", Permission.PLANT_SEE)
async def process_map_cost(request: Request, caller: Asker, id: str) -> ProcessCostBody:
    """Hours of work a month, hours waited per case, what to replace first; and the measured waiting beside it."""
    house = services(request)
    drawn = (await house.snapshots.get(caller.tenant_id)).plant.get(ProcessMap, id)
    if drawn is None:
        raise not_found()
    cost = process_cost(drawn)
    measured: dict[str, float] = {}
    if drawn.kind and Permission.CASES_SEE in caller.permissions:
        try:
            counted = await house.statistics.counted(viewer_of(request, caller), drawn.kind, None, None)
            measured = {str(wait): hours for wait, hours in waited_hours(counted.live).items()}
        except KindUnknown:
            measured = {}
    return ProcessCostBody(
        id=drawn.id,
        name=drawn.name,
        is_example=drawn.is_example,
        remark=drawn.remark,
        cases_per_month=drawn.cases_per_month,
        steps=[
            StepCostBody(
                place=one.place,
                lane=step.lane,
                name=step.name,
                kind=step.kind,
                means=step.means,
                times=one.times,
                work_hours=one.work_hours,
                waited_hours=one.waited_hours,
                relief=one.relief,
            )
            for step, one in zip(drawn.steps, cost.steps, strict=True)
        ],
        work_hours=cost.work_hours,
        waited_hours_per_case=cost.waited_hours_per_case,
        replace_first=list(cost.replace_first),
        waits=[
            WaitBeside(
                key=wait,
                name=wait_name(wait, language_of(request)),
                drawn=cost.waited_by.get(wait, 0.0),
                measured=measured.get(wait),
            )
            for wait in ORDER
            if wait in MEASURED.values()
        ],
    )
