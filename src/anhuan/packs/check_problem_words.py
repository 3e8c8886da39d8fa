"""The texts of what the compiler and the checker find wrong with a pack: what, why it matters, and how to mend it."""

from collections.abc import Mapping

SPELLING_WORDS: Mapping[str, tuple[str, str]] = {
    "file_missing": ("缺少这个文件：请补上。", "The file is missing: add it."),
    "not_json": ("不是有效的 JSON：{message}", "This is no valid JSON: {message}"),
    "language_unknown": (
        "不支持语言版本 {language}：请写 language: {known}。",
        "Language version {language} is not known: write language: {known}.",
    ),
    "form_missing": (
        "没有表单“{form}”：请在 forms/ 下补上，或改名。",
        "There is no form “{form}”: add it under forms/, or correct the name.",
    ),
    "deed_unknown": ("没有行为“{deed}”：可用 {known}。", "There is no deed “{deed}”: use one of {known}."),
    "wait_unknown": (
        "没有等待种类“{wait}”：可用 {known}，或删去（按各任务的行为算）。",
        "There is no sort of waiting “{wait}”: use one of {known}, or leave it out (each duty's deed tells).",
    ),
    "never_unknown": ("never 里的 {words} 没有含义：可用 {known}。", "{words} mean nothing under never: use {known}."),
    "compare_needs_two": (
        "compare 要写两个照片槽位：整改前、整改后。",
        "compare names two photo slots: before and after.",
    ),
    "effect_needs_one": ("effect 只能写一项：{known}。", "effect has exactly one key: one of {known}."),
    "rung_needs_at_or_after": (
        "每一级写 at（占期限的比例）、before（到期前多久）或 after（超期多久），只写其一。",
        "A rung has one of at (a share of the time given), before (ahead of the deadline) and after (past it).",
    ),
    "who_misspelt": (
        "who 看不懂：{given}。请写 post:…、列表、{{table: …}}、{{first_of: […]}} 或 {{draw: …}}。",
        "who cannot be read: {given}. Write post:…, a list, {{table: …}}, {{first_of: […]}} or {{draw: …}}.",
    ),
    "draw_misspelt": (
        "draw 看不懂：{given}。请写 competent_for、cap（不小于 1 的整数）和 fallback。",
        "draw cannot be read: {given}. It has competent_for, cap (a whole number from 1) and fallback.",
    ),
    "party_word_unknown": (
        "“{word}”不是责任方：请写 post:、team:、unit:、person:、field: 或 finder、reporter、performer 等。",
        "“{word}” is no party: write post:, team:, unit:, person:, field:, or finder, reporter, performer and so on.",
    ),
    "within_misspelt": (
        "within 看不懂：{given}。可用 PT2H、{{time: P3D, clock: working}}、{{table: …}}、{{until: 字段}}等。",
        "within cannot be read: {given}. Write PT2H, {{time: P3D, clock: working}}, {{table: …}}, {{until: field}} …",
    ),
    "condition_misspelt": (
        "when 看不懂：{given}。请写 incomplete、{{field: …, is: …}} 或 {{table: …, says: …}}。",
        "when cannot be read: {given}. Write incomplete, {{field: …, is: …}} or {{table: …, says: …}}.",
    ),
    "share_misspelt": ("“{given}”不是比例：请写 0% 到 100%。", "“{given}” is no share: write 0% to 100%."),
    "quorum_misspelt": (
        "quorum 看不懂：{given}。请写 all、any 或正整数。",
        "quorum {given}: write all, any or a number.",
    ),
    "duration_in_months": (
        "“{text}”按月计，长短不定：请改用天。",
        "“{text}” counts in months, which differ in length: write days.",
    ),
    "duration_not_positive": ("“{text}”不是正的时长。", "“{text}” is no time at all: write a longer one."),
    "duration_unreadable": (
        "“{text}”不是时长：请写 PT2H、P3D、P1DT12H 之类。",
        "“{text}” is no duration: write PT2H, P3D, P1DT12H and so on.",
    ),
}
"""What cannot be read at all."""

PAPER_WORDS: Mapping[str, tuple[str, str]] = {
    "paper_key_malformed": (
        "文书的键“{key}”只能用小写字母、数字和下划线，以字母开头。",
        "The paper's key “{key}” takes small letters, digits and underscores, beginning with a letter.",
    ),
    "paper_nobody_may_issue": (
        "没有写明谁可以签发：请在 issued_by 里写责任方、performers 或 anyone。",
        "Nobody may issue it: name parties, performers or anyone under issued_by.",
    ),
    "paper_duty_unknown": (
        "没有任务“{duty}”：可用 {known}。",
        "There is no duty “{duty}”: use one of {known}.",
    ),
    "paper_empty": ("文书没有任何内容：请加上 sections。", "The paper has nothing on it: add sections."),
    "paper_section_needs_one": (
        "文书的每一节只写一项内容：{known}。",
        "A section of a paper has exactly one of {known}.",
    ),
    "paper_of_misfit": (
        "of 只能与 {known} 一起用：请删去。",
        "of goes only with {known}: remove it.",
    ),
    "cell_unreadable": (
        "“{word}”不是单元格的来处：可用 {known}。",
        "“{word}” names no origin of a cell: use one of {known}.",
    ),
    "register_key_malformed": (
        "“{key}”只能用小写字母、数字和下划线，以字母开头。",
        "“{key}” may only have small letters, digits and underscores, and begins with a letter.",
    ),
    "register_empty": ("台账没有任何一列：请加上 columns。", "The register has no column: add columns."),
    "paper_children_of_none": (
        "该类案件不登记别的案件（没有 finds）：请删去 children。",
        "Cases of this kind take no others (there is no finds): remove children.",
    ),
    "paper_too_many_cells": (
        "表格不能超过 {limit} 列：请删去几列。",
        "A table has at most {limit} columns: remove some.",
    ),
    "paper_slot_unknown": (
        "“{slot}”不是该表单的照片槽位：可用 {known}。",
        "“{slot}” is no slot for photos of the form: use one of {known}.",
    ),
    "paper_too_many_columns": (
        "一节里的照片槽位不能超过 {limit} 个：请分成几节。",
        "More than {limit} photo slots do not fit beside each other: make more sections.",
    ),
    "paper_text_speaks_of": (
        "文字里的“{name}”没有含义：可用 {known}。",
        "The text speaks of “{name}”, which is nothing here: use one of {known}.",
    ),
}
"""Papers that could not be issued or filled."""

FLOW_WORDS: Mapping[str, tuple[str, str]] = {
    "stage_unknown": ("没有阶段“{stage}”：可去 {known}。", "There is no stage “{stage}”: lead to one of {known}."),
    "stage_unreachable": (
        "没有任何途径进入阶段“{stage}”：请加上通向它的去向，或删去。",
        "Nothing leads to stage “{stage}”: lead something there, or remove it.",
    ),
    "stage_never_closes": (
        "从阶段“{stage}”永远走不到关闭：请给某个结果加上 close。",
        "From stage “{stage}” a case can never close: let some outcome lead to close.",
    ),
    "stages_in_circle": (
        "案件会在阶段“{stage}”打转：途经的阶段都可能无事可做而直接放行。请至少让一个阶段总有任务。",
        "A case could go round through “{stage}” for ever: give a stage on the way a duty without a condition.",
    ),
    "stage_without_done": (
        "没有写明任务都完成后去哪里：请在 then 里加 done 或 pass。",
        "It does not say where the case goes when all is done: add done or pass to then.",
    ),
    "then_ambiguous": (
        "then 同时有 done 和 pass，pass 永远不会走到：请只留一个。",
        "then has both done and pass, of which pass would never be followed: keep one.",
    ),
    "then_idle": (
        "本阶段没有任务会得出“{outcome}”：请删去这个去向，或把它列入某任务的 outcomes。",
        "No duty of the stage answers “{outcome}”: remove it, or add it to the outcomes of a duty.",
    ),
    "outcome_leads_nowhere": (
        "结果“{outcome}”没有去向，会被当作完成：请在本阶段的 then 里写明去哪里。",
        "Outcome “{outcome}” leads nowhere and would count as done: say in the stage's then where it leads.",
    ),
    "stage_waits_for_nothing": (
        "本阶段的任务都不把关，案件会直接越过：请至少让一个任务 gates: true。",
        "The stage waits for none of its duties, so that a case runs through: let one of them gate.",
    ),
    "intake_without_end": (
        "受理规则的最后一条必须没有条件（也不能 once），否则有的案件无处可去。",
        "The last rule of intake has no condition (and no once), or some case would go nowhere.",
    ),
    "intake_rule_hidden": (
        "这条受理规则没有条件，第 {rule} 条及以后永远轮不到：请加条件或移到最后。",
        "This rule of intake has no condition and hides rule {rule} and all after it: add one, or put it last.",
    ),
    "intake_leads_back": (
        "阶段“{stage}”又回到受理，而受理的兜底规则正是它，案件会卡住：请改去别的阶段。",
        "Stage “{stage}” leads back to intake, whose last rule is that stage: the case would be stuck. Lead elsewhere.",
    ),
}
"""Ways on which a case could get lost."""

DUTY_WORDS: Mapping[str, tuple[str, str]] = {
    "ladder_unknown": (
        "没有升级阶梯“{ladder}”：逾期将无人知晓。可用 {known}。",
        "There is no ladder “{ladder}”, so silence would reach nobody: use one of {known}.",
    ),
    "ladder_empty": ("升级阶梯没有任何一级。", "The ladder has no rungs: add some."),
    "ladder_without_repeat": ("repeat 必须大于零。", "repeat must be longer than nothing."),
    "ladder_out_of_order": (
        "“{rung}”不晚于前一级“{earlier}”：请按时间先后排列。",
        "“{rung}” comes no later than “{earlier}” before it: order the rungs in time.",
    ),
    "rung_repeated": (
        "“{rung}”出现了两次：每一级要有自己的名字。",
        "“{rung}” occurs twice: give each rung its own key.",
    ),
    "ladder_ends_early": (
        "最后一级“{rung}”在到期之前：到期后就没有人被通知了。请加上 100% 或 after 的一级。",
        "The last rung “{rung}” lies before the deadline, after which nobody is told: add one at 100% or after it.",
    ),
    "ladder_ends_at_nobody": (
        "最后一级“{rung}”通知的是 {to}，不一定有人：请写 post: 或 person:。",
        "The last rung “{rung}” tells {to}, which may be nobody: let it tell a post: or person:.",
    ),
    "who_needs_a_duty": (
        "“{word}”只在已有任务时才有所指（升级、动作），不能写在 who 里。",
        "“{word}” means somebody only where a duty is there already (ladders, moves): who cannot have it.",
    ),
    "who_may_be_nobody": (
        "有的案件找不到人：请补上 post:、team: 或 unit:，或用 first_of 兜底。",
        "On some cases this is nobody: add a post:, team: or unit:, or a last option with first_of.",
    ),
    "draw_without_never_actors": (
        "随机抽取没有排除参与过的人：请加 never: [actors]。",
        "The draw does not leave out those who acted on the case: add never: [actors].",
    ),
    "blind_not_drawn": (
        "盲审的人必须随机抽取，指定的人谁都猜得到：请用 draw，或去掉 blind。",
        "Who checks blind must be drawn, as a named person can be foreseen: use draw, or drop blind.",
    ),
    "quorum_too_large": (
        "要 {quorum} 方完成，却只问 {most} 方：请改小，或补上责任方。",
        "{quorum} are needed, but {most} are asked: lower the quorum, or ask more.",
    ),
    "verify_without_verdict": (
        "校验必须能通过也能不通过：outcomes 要有 pass 和 fail。",
        "A verification can pass and fail: its outcomes hold pass and fail.",
    ),
    "approval_without_both": (
        "审批的结果只能是 approve 和 refuse，现为 {outcomes}。",
        "An approval answers approve or refuse and nothing else; now {outcomes}.",
    ),
    "duty_never_done": (
        "任务没有完成这个结果：outcomes 要有 done 或 pass。",
        "It can never be done: add done or pass.",
    ),
    "decline_without_another": (
        "“请换人”之后还是同一方：请用 draw 或 first_of，或去掉 decline。",
        "Whoever declines would be asked again: use draw or first_of, or drop decline.",
    ),
    "proof_slot_unknown": (
        "表单没有证据槽位“{slot}”，任务永远无法完成：可用 {known}。",
        "The form has no slot “{slot}”, so that the duty could never be done: use one of {known}.",
    ),
    "compare_not_photos": (
        "“{slot}”不是表单的照片槽位，无法对比：可用 {known}。",
        "“{slot}” is no slot for photos, so nothing can be compared: use one of {known}.",
    ),
    "readings_of_unknown": (
        "表单“{form}”的 x-of 写的“{field}”不是案件里的设备字段。",
        "x-of in form “{form}” names “{field}”, which is no field for equipment in the case's form.",
    ),
    "verifies_own_work": (
        "可能只剩做的人来校验自己：除 {performing} 外请再写一方，或用 first_of 兜底。",
        "Only those who did the work might be asked to verify it: name somebody besides {performing}, or use first_of.",
    ),
    "after_unknown": ("本阶段没有任务“{duty}”：可用 {known}。", "The stage has no duty “{duty}”: use one of {known}."),
    "after_circle": (
        "“{duty}”绕了一圈等自己，永远不会开始：请去掉其中一个 after。",
        "“{duty}” waits for itself and would never begin: remove one after from the circle.",
    ),
    "after_not_gating": (
        "它等的“{duty}”不把关，阶段可能在它开始之前就过去：请让“{duty}”也把关。",
        "It waits for “{duty}”, for which the stage does not wait, and might be left out: let “{duty}” gate too.",
    ),
    "repeating_gate": (
        "重复的任务永远做不完，不能把关：请加 gates: false。",
        "A duty that comes again and again never lets the stage go on: add gates: false.",
    ),
}
"""Duties that nobody could do, or that the wrong one could."""

ASKED_WORDS: Mapping[str, tuple[str, str]] = {
    "table_unknown": ("没有决策表“{table}”：可用 {known}。", "There is no table “{table}”: use one of {known}."),
    "table_column_missing": (
        "表“{table}”没有所需的列 {columns}：现有 {known}。",
        "Table “{table}” has none of the columns {columns} that are asked for; it has {known}.",
    ),
    "column_misfit": (
        "表“{table}”的列“{column}”应为 {wanted}。",
        "Column “{column}” of table “{table}” must be {wanted}.",
    ),
    "condition_never_holds": (
        "字段“{field}”不可能是 {value}：条件永远不成立，请核对。",
        "Field “{field}” can never be {value}, so the condition never holds: correct it.",
    ),
    "until_field_unknown": (
        "途经的表单没有时间字段“{field}”：期限无从得知。",
        "No form on the way here has an instant “{field}”, so the deadline would be unknown.",
    ),
    "until_field_optional": (
        "期限取自“{field}”，但它可以不填：请在表单中列为必填。",
        "The deadline is taken from “{field}”, which may be left out: require it in its form.",
    ),
    "met_by_unknown": (
        "met_by 提到的应做事项不存在：{duties}。已知：{known}。",
        "met_by names duties that do not exist: {duties}. Known: {known}.",
    ),
    "deadline_maybe_unknown": (
        "这些期限都可能没有填写：请至少加一个总能确定的，例如 P3D。",
        "Each of these deadlines may be unknown: add one that never is, such as P3D.",
    ),
    "subject_word_unknown": (
        "“{word}”不是主体用词：可用 {known}。",
        "“{word}” is no word of the subject: use {known}.",
    ),
}
"""Questions that would have no answer."""

MOVE_WORDS: Mapping[str, tuple[str, str]] = {
    "move_nobody_may_ask": ("没有人可以提出：请填 asked_by。", "Nobody may ask for it: fill in asked_by."),
    "move_duty_unknown": ("没有任务“{duty}”：可用 {known}。", "There is no duty “{duty}”: use one of {known}."),
    "move_touches_blind": (
        "“{duty}”是盲审或随机抽取的任务，任何动作都不得触及：请从 duties 中删去。",
        "“{duty}” is checked blind or drawn, and no move may touch it: take it out of duties.",
    ),
    "move_slot_unknown": (
        "表单没有证据槽位“{slot}”，永远无法提出：可用 {known}。",
        "Its form has no slot “{slot}”, so that it could never be asked for: use one of {known}.",
    ),
    "move_signature": (
        "申请不手绘签名，表单“{form}”里的槽位 {slots} 要改用 files：附上已签字的纸件。",
        "A move is not signed by drawing: make {slots} of form “{form}” a slot for files, for the signed paper.",
    ),
    "move_needs_duties": (
        "改期或转派必须针对任务：请填 duties。",
        "A new deadline or party is for a duty: fill in duties.",
    ),
    "move_field_unknown": (
        "表单里没有可用的字段“{field}”（控件 {widgets}）：动作不知道取什么值。",
        "Its form has no field “{field}” with a widget of {widgets}, so that the move has no value to take.",
    ),
    "move_revises_nothing": ("revise 没有写任何字段。", "revise names no field: say which of the case's it changes."),
    "reviews_kind_unknown": (
        "没有种类“{kind}”，没有数据可回顾：可用 {known}。",
        "There is no kind “{kind}” to look back on: use one of {known}.",
    ),
    "move_on_closed_misfit": (
        "针对已关闭案件的动作只能进入一个阶段，不带 duties 和 approve；要审批，就在那个阶段里审。",
        "A move on closed cases enters a stage, without duties or approve: let that stage decide.",
    ),
    "earlier_only_misfit": ("earlier_only 只对改期有意义。", "earlier_only means something only beside reschedule."),
    "approval_misfit": (
        "审批的 deed 必须是 approve，现为“{deed}”。",
        "The deed of an approval is approve, not “{deed}”.",
    ),
    "approval_drawn": ("审批人不能随机抽取。", "Who approves cannot be drawn: name a post."),
    "approval_key_ignored": (
        "审批里的“{key}”不起作用：请删去（问到的每一方都要同意）。",
        "“{key}” has no effect in an approval: remove it (everybody who is asked must agree).",
    ),
    "approves_own_wish": (
        "可能由提出人自己审批：请让 {asked_by} 以外的人审批，或用 first_of 兜底。",
        "Whoever asks might be the one to approve: let somebody other than {asked_by} decide, or use first_of.",
    ),
    "arbiter_without_approval": (
        "没有 approve，就没有可裁定的：请加上 approve，或删去 arbiter。",
        "Without approve there is nothing for an arbiter: add approve, or remove arbiter.",
    ),
    "arbiter_from_missing": (
        "arbiter 与 arbiter_from 要同时写：从第几次起由裁定人决定。",
        "arbiter and arbiter_from go together: from which time on the arbiter decides.",
    ),
}
"""Wishes that could not be granted, or that the wrong one would grant."""

PACK_WIDE_WORDS: Mapping[str, tuple[str, str]] = {
    "kind_taken": (
        "包“{pack}”已有“{kind}”：请改名。",
        "Pack “{pack}” has a kind “{kind}” already: choose another key.",
    ),
    "number_prefix_taken": (
        "编号前缀“{prefix}”已被“{kind}”使用：请换一个。",
        "Number prefix “{prefix}” is used by “{kind}”: choose another.",
    ),
    "raised_by_nothing": ("没有任何来源：请填 raised_by。", "Nothing raises such a case: fill in raised_by."),
    "raised_by_unknown": ("没有来源“{word}”：可用 {known}。", "Nothing raises by “{word}”: use one of {known}."),
    "raised_by_field_missing": (
        "由“{word}”产生的案件会带来字段 {fields}，表单里没有：请补上。",
        "A case raised by “{word}” comes with {fields}, which the form lacks: add them.",
    ),
    "ahead_misfit": (
        "ahead（提前多久产生）与 raised_by 中的 due:… 必须同时写，或都不写。",
        "ahead (how long before) and a due:… in raised_by stand together or not at all.",
    ),
    "writes_duty_unknown": (
        "没有应做事项“{duty}”：可用 {known}。",
        "There is no duty “{duty}”: use one of {known}.",
    ),
    "writes_without_item": (
        "只有由 due:… 产生的案件才知道要写回台账的哪一条。",
        "Only a case that is raised by due:… is about an item that can be written to.",
    ),
    "item_date_unknown": (
        "“{field}”不是产生这类案件的日期：可用 {known}。",
        "“{field}” is no date that raises such cases: use one of {known}.",
    ),
    "import_missing": (
        "可导入，却没有 import.yaml 说明“{kind}”的台账怎样读。",
        "It can be imported, but import.yaml does not say how registers of “{kind}” are read.",
    ),
    "pack_needed_missing": (
        "需要的包“{pack}”尚未发布：请先发布（现有 {known}）。",
        "Pack “{pack}” is needed and not published: publish it first (there are {known}).",
    ),
    "needs_incomplete": (
        "会打开包“{pack}”的“{kind}”：请在 needs 中写上“{pack}”。",
        "It opens “{kind}” of pack “{pack}”: name “{pack}” in needs.",
    ),
    "opens_duty_unknown": ("没有任务“{duty}”：可用 {known}。", "There is no duty “{duty}”: use one of {known}."),
    "library_value_misfit": (
        "表单不接受此值（{why}）：请按表单的字段和取值改正。",
        "The form does not take this value ({why}): write what its field takes.",
    ),
    "finds_not_reported": (
        "案件“{kind}”不由人上报（raised_by 中没有 report），检查中就无法登记。",
        "Cases of “{kind}” are not reported by people (no report in raised_by), so a walk cannot find them.",
    ),
    "opens_kind_unknown": (
        "没有种类“{kind}”，超限将无人处理：可用 {known}。",
        "There is no kind “{kind}”, so what is found would be nobody's: use one of {known}.",
    ),
    "within_misfit": (
        "within 只用于已关闭案件上的申请（on_closed: true）。",
        "within is only for what is asked of closed cases (on_closed: true).",
    ),
    "each_misspelt": (
        "each 看不懂：{given}。任务的 opens 写列表字段；关闭时写 like_places、{{did: 任务}} 或 {{who: […]}}。",
        "each cannot be read: {given}. A duty has a list; a closing like_places, {{did: duty}} or {{who: […]}}.",
    ),
    "at_most_misspelt": ("at_most 须为正整数：{given}。", "at_most is a whole number from 1: {given}."),
    "like_places_without_end": (
        "同类场所可能很多：请用 at_most 写明最多开出几件。",
        "There may be very many like places: say with at_most how many cases are opened at most.",
    ),
    "duty_without_form": (
        "任务“{duty}”没有表单，无从取值。",
        "Duty “{duty}” has no form that a value could be taken from.",
    ),
    "opens_each_misfit": (
        "任务的表单“{form}”没有列表字段“{field}”。",
        "Form “{form}” of the duty has no list “{field}”.",
    ),
    "recurrence_of_everything": (
        "same 为空会把所有案件都当成复发：请写 area、equipment、category 中的几项。",
        "With nothing under same every case would be a recurrence: name area, equipment or category.",
    ),
    "outcome_never_closes": (
        "案件不会以“{outcome}”关闭：可用 {known}。",
        "No case closes as “{outcome}”: use one of {known}.",
    ),
    "word_missing": ("缺少词条“{key}”：请补上。", "There is no word “{key}”: add it."),
    "word_empty": ("词条“{key}”是空的。", "The word “{key}” is empty: write it."),
    "word_untranslated": ("词条“{key}”没有翻译：{text}", "The word “{key}” is not translated: {text}"),
    "word_placeholders_differ": (
        "词条“{key}”两种语言的占位符不一致：{placeholders}。",
        "The placeholders of “{key}” differ between languages: {placeholders}.",
    ),
}
"""What does not fit together over the whole pack, or beside other packs."""

PLANT_WARNINGS: Mapping[str, tuple[str, str]] = {
    "post_unknown": (
        "本企业没有岗位“{post}”：请先建立，否则任务会直接升级。",
        "The plant has no post “{post}”: add it, or its tasks go straight up the ladder.",
    ),
    "post_unheld": (
        "岗位“{post}”{area}无人任岗：{of} 个班次中有 {shifts} 个，首个 {first}。任务会立即升级并另立空缺案件。",
        "Nobody holds post “{post}” {area} on {shifts} of {of} shifts, first {first}: its tasks go up at once.",
    ),
    "post_off_shift": (
        "岗位“{post}”{area}有人任岗但不在班：{of} 个班次中有 {shifts} 个，首个 {first}。",
        "Post “{post}” {area} is held, but by nobody at work, on {shifts} of {of} shifts, first {first}.",
    ),
    "team_unknown": ("本企业没有班组或部门“{team}”。", "The plant has no team or department “{team}”: add it."),
    "team_empty": ("班组或部门“{team}”没有人。", "Nobody is in team or department “{team}”: put people in."),
    "person_gone": ("“{person}”不在本企业或已离职。", "“{person}” is not here or has left: name a post instead."),
    "pool_too_small": (
        "“{competence}”只有 {pool} 人有资格，随机抽取多半会落到指定的人：请增加有资格的人。",
        "Only {pool} are competent for “{competence}”, so draws will mostly fall back: qualify more people.",
    ),
}
"""What a plant lacks for a pack."""

CHECK_WORDS: Mapping[str, tuple[str, str]] = {
    **SPELLING_WORDS,
    **FLOW_WORDS,
    **DUTY_WORDS,
    **ASKED_WORDS,
    **MOVE_WORDS,
    **PAPER_WORDS,
    **PACK_WIDE_WORDS,
    **PLANT_WARNINGS,
}
"""Code -> (zh, en)."""
