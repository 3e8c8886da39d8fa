"""The texts of problems that every pack can meet, in both languages: what is wrong, and how to mend it.

A pack's own problems (`x-problem`) have their texts in the pack's words under `problem.<code>`; a pack may also put its
own text over one of these. `{field}` is the label of the field, the other names are the problem's params.
"""

from collections.abc import Mapping

from anhuan.packs.check_problem_words import CHECK_WORDS
from anhuan.packs.import_words import IMPORT_WORDS
from anhuan.packs.problems import PackProblem

FIELD_WORDS: Mapping[str, tuple[str, str]] = {
    "required": ("请填写“{field}”。", "Fill in “{field}”."),
    "wrong_type": (
        "“{field}”的填写方式不对，请按提示重新填写。",
        "“{field}” is not filled in the right way: enter it again.",
    ),
    "not_in_list": (
        "“{field}”不在可选范围内，请从列表中选择。",
        "“{field}” is not one of the choices: pick one from the list.",
    ),
    "too_short": (
        "“{field}”太短：至少 {limit} 个字，现在 {length} 个。请写清楚是什么、在哪里、怎么样。",
        "“{field}” is too short: {limit} characters at least, {length} now. Say what it is, where, and how bad.",
    ),
    "too_long": (
        "“{field}”太长：最多 {limit} 个字，现在 {length} 个。请精简，细节可放在附件里。",
        "“{field}” is too long: {limit} characters at most, {length} now. Shorten it, or attach the details.",
    ),
    "too_few": ("“{field}”至少要 {limit} 项，现在 {length} 项。", "“{field}” needs {limit} at least, {length} now."),
    "too_many": ("“{field}”最多 {limit} 项，现在 {length} 项。", "“{field}” takes {limit} at most, {length} now."),
    "too_small": ("“{field}”不能小于 {limit}。", "“{field}” cannot be below {limit}."),
    "too_large": ("“{field}”不能大于 {limit}。", "“{field}” cannot be above {limit}."),
    "repeated": ("“{field}”里有重复的项，请删去重复。", "“{field}” lists something twice: remove one."),
    "pattern": ("“{field}”的格式不对，请检查后重填。", "“{field}” has the wrong form: check it and enter it again."),
    "bad_format": (
        "“{field}”不是有效的日期或时间，请重新选择。",
        "“{field}” is no valid date or time: choose it again.",
    ),
    "unknown_field": ("表单里没有“{field}”这一项，请删去。", "The form has no field “{field}”: leave it out."),
    "computed_field": (
        "“{field}”由系统计算，不能手填；请填写计算所需的各项。",
        "“{field}” is computed and cannot be typed: fill in what it is computed from.",
    ),
    "vague": (
        "“{field}”写得太笼统（“{text}”）：请写明看到了什么、在哪个部位、程度如何。",
        "“{field}” says nothing (“{text}”): write what was seen, at which part, and how bad it is.",
    ),
    "control_character": (
        "“{field}”含有无法保存的字符（{character}），请删去后重填。",
        "“{field}” contains a character that cannot be stored ({character}): remove it.",
    ),
    "too_deep": ("“{field}”嵌套过深（最多 {limit} 层）。", "“{field}” is nested too deeply ({limit} levels at most)."),
    "in_the_future": ("“{field}”不能晚于现在，请改正时间。", "“{field}” cannot lie in the future: correct the time."),
    "cited_out_of_force": (
        "“{field}”引用的《{source}》在 {on} 不是有效版本：请改引当日有效的条款。",
        "“{field}” cites “{source}”, which was not in force on {on}: cite the edition of that day.",
    ),
    "in_the_past": ("“{field}”必须晚于现在，请另选时间。", "“{field}” must lie in the future: choose a later time."),
}
"""Code -> (zh, en): what a person who fills in a form is told."""

PACK_WORDS: Mapping[str, tuple[str, str]] = {
    "file_malformed": ("文件不符合格式：{reason}", "The file is not of the expected form: {reason}"),
    "not_one_table": (
        "决策表文件只能有一个输入、一张表、一个输出，并依次相连；现有节点：{nodes}。",
        "A table file has one input, one table and one output, joined in this order; its nodes are {nodes}.",
    ),
    "setting_refused": (
        "设置“{setting}”不能是“{value}”：只允许逐行取首个命中（first），不允许循环、改路径或透传。",
        "Setting “{setting}” cannot be “{value}”: only hit policy first, without loops, paths or pass-through.",
    ),
    "column_repeated": ("列重复：{columns}。每列只能出现一次。", "A column occurs twice among {columns}: keep one."),
    "column_missing": ("缺少列：请至少声明一列。", "There is no column: declare at least one."),
    "column_undeclared": (
        "列“{column}”没有声明：请补上类型与取值。",
        "Column “{column}” is not declared: add its type.",
    ),
    "column_unused": (
        "声明的列“{column}”表里没有：请删去或补列。",
        "Column “{column}” is declared, but not in the table.",
    ),
    "column_badly_named": (
        "列名“{column}”不合规：用小写字母、数字、下划线。",
        "Column name “{column}”: use lower-case letters, digits and underscores.",
    ),
    "row_id_not_unique": ("行号标识缺失或重复：{id}。", "The id of the row is missing or taken: {id}."),
    "cell_missing": (
        "缺少单元格“{column}”：不填也要写成空串，否则会匹配一切。",
        "Cell “{column}” is missing and would match everything: write an empty text if that is meant.",
    ),
    "cell_of_no_column": ("单元格“{column}”不属于任何列。", "Cell “{column}” belongs to no column."),
    "cell_unreadable": (
        "单元格“{cell}”里有不认识的字符“{character}”。",
        "Cell “{cell}” has a stray character “{character}”.",
    ),
    "clock_refused": (
        "单元格“{cell}”用了时钟“{word}”：决策表不许读时间，请改用输入列。",
        "Cell “{cell}” reads a clock (“{word}”): tables may not; use an input column.",
    ),
    "chance_refused": (
        "单元格“{cell}”用了随机数“{word}”：请改用输入列“sample”。",
        "Cell “{cell}” draws lots (“{word}”): use the input column “sample”.",
    ),
    "unknown_word": (
        "单元格“{cell}”里的“{word}”没有含义：文本要加引号，也不能引用别的列。",
        "“{word}” in cell “{cell}” means nothing: put texts in quotes; other columns cannot be named.",
    ),
    "cell_does_not_compile": (
        "单元格“{cell}”有语法错误：{reason}。",
        "Cell “{cell}” has an error of syntax: {reason}.",
    ),
    "cell_fails": (
        "单元格“{cell}”遇到“{value}”时出错（{reason}）：比较的类型不对。",
        "Cell “{cell}” fails on “{value}” ({reason}): it compares the wrong type.",
    ),
    "cell_is_no_condition": ("单元格“{cell}”不是条件。", "Cell “{cell}” is no condition."),
    "cell_never_matches": (
        "单元格“{cell}”永远不会命中：请核对取值与类型。",
        "Cell “{cell}” can never match: check its value and type.",
    ),
    "unlisted_value": (
        "单元格“{cell}”里的“{value}”不在本列取值内：{values}。",
        "“{value}” in cell “{cell}” is none of the column's values: {values}.",
    ),
    "output_empty": ("输出单元格为空：每行每个输出都要填。", "The output cell is empty: every row fills every output."),
    "output_wrong_type": ("输出“{cell}”的类型不对。", "Output “{cell}” is of the wrong type."),
    "output_unlisted": ("输出值不在声明的取值内：{values}。", "The output is none of the declared values: {values}."),
    "output_bad_duration": ("“{cell}”不是时长：请写 PT2H、P3D 之类。", "{cell} is no duration: write PT2H or P3D."),
    "output_bad_party": (
        "“{cell}”里有不认识的责任方：请写 post:、team:、unit: 等。",
        "{cell} names no party: write post:, team:, unit: and so on.",
    ),
    "values_misfit": (
        "列“{column}”声明的取值 {values} 与类型 {type} 不符。",
        "Values {values} of column “{column}” are not of type {type}.",
    ),
    "default_missing": (
        "缺少兜底行：最后一行的条件必须全部为空，且取最严格的结果。",
        "There is no default row: the last row has no conditions and the strictest outcome.",
    ),
    "default_not_last": (
        "第 {row} 行没有条件，会截住后面所有行：兜底行只能在最后。",
        "Row {row} has no conditions and stops all later rows: only the last may.",
    ),
    "default_not_marked": (
        "x-default 标的是“{marked}”，应为最后一行“{last}”。",
        "x-default marks “{marked}”: it must be the last row, “{last}”.",
    ),
    "default_not_strictest": (
        "兜底行的“{column}”（{default}）比第 {stricter_rows} 行宽松：兜底行必须最严格（{rule}）。",
        "The default row's “{column}” ({default}) is laxer than rows {stricter_rows}; it must be strictest ({rule}).",
    ),
    "strictness_misfit": (
        "列“{column}”（{type}）的严格规则“{rule}”不适用。",
        "Strictness rule {rule} does not fit column “{column}” ({type}).",
    ),
    "row_repeats": (
        "第 {row} 行与第 {earlier} 行条件相同，永远不会命中：请删去一行。",
        "Row {row} has the conditions of row {earlier} and can never answer: remove one.",
    ),
    "row_unreachable": (
        "“{row}”永远不会命中：前面的行已全部截住，请调整顺序或条件。",
        "“{row}” can never answer, as earlier ones take everything: change order or conditions.",
    ),
    "source_unknown": (
        "没有依据“{source}”：每行都要写明依据，可用：{known}。",
        "There is no source “{source}”: each row names one of {known}.",
    ),
    "method_missing": ("没有任何评价方法。", "There is no method."),
    "factor_without_ratings": ("有因子没有可选分值。", "A factor has no ratings."),
    "rating_negative": ("分值不能为负。", "Ratings cannot be negative."),
    "band_has_two_bounds": ("一个分段只能有一个下限（from 或 above）。", "A band has one lower bound: from or above."),
    "score_without_band": (
        "分值 {scores} 不落在任何分段：请补上最低段。",
        "Scores {scores} fall in no band: add a lowest band.",
    ),
    "bands_out_of_order": (
        "分值更高却得到更轻的等级：请按 {values} 从重到轻排列分段。",
        "A higher score gives a better level: order the bands as {values}, worst first.",
    ),
    "schema_invalid": ("表单不是有效的 JSON Schema：{reason}", "The form is no valid JSON Schema: {reason}"),
    "form_is_no_object": ("表单的最外层必须是 object，并有 properties。", "A form is an object with properties."),
    "problem_code_missing": (
        "关键字“{keyword}”出错时没有说明：请加 x-problem。",
        "Keyword “{keyword}” fails without words: add x-problem.",
    ),
    "reference_not_local": (
        "引用“{reference}”指向表单之外：只许 #/$defs/。",
        "Reference “{reference}” leaves the form: only #/$defs/ is allowed.",
    ),
    "bound_missing": ("缺少上限：请加 {keyword}。", "There is no upper bound: add {keyword}."),
    "object_open": (
        "对象未封闭：请加 additionalProperties: false。",
        "The object is open: add additionalProperties: false.",
    ),
    "field_badly_named": ("字段名“{field}”不合规或已被占用。", "Field name “{field}” is reserved, taken or not plain."),
    "field_unknown": ("“{field}”不是本表单的字段：{known}。", "“{field}” is no field here: {known}."),
    "widget_unknown": ("没有控件“{widget}”：可用 {known}。", "There is no widget “{widget}”: use one of {known}."),
    "widget_misfit": (
        "控件“{widget}”与字段的类型或格式不符。",
        "Widget “{widget}” does not fit the field's type or format.",
    ),
    "choice_without_list": (
        "选择控件要有 enum，有 enum 的字段要用选择控件（现为“{widget}”）。",
        "A choice has an enum, and an enum is shown as a choice (now “{widget}”).",
    ),
    "readings_of_nothing": (
        "控件 readings 与 x-of 必须同时出现：x-of 写明案件中列出设备的字段（现为“{widget}”）。",
        "Widget readings and x-of go together: x-of names the case's field with the equipment (now “{widget}”).",
    ),
    "computed_unknown": (
        "没有计算项“{computed}”，或它与字段不对应：{known}。",
        "There is no computation “{computed}” for this field: {known}.",
    ),
    "computed_required": (
        "计算字段“{field}”不能列为必填：请把计算所需的字段列为必填。",
        "Computed field “{field}” cannot be required: require what it is computed from.",
    ),
    "order_not_unique": (
        "x-order 缺失或与“{other}”重复：{order}。",
        "x-order {order} is missing or taken by “{other}”.",
    ),
    "annotation_unknown": (
        "不认识的标注“{annotation}”：可用 {known}。",
        "Annotation “{annotation}” is unknown: use one of {known}.",
    ),
    "input_misfit": ("输入“{input}”的类型应为 {type}。", "Input “{input}” must be of type {type}."),
    "input_may_be_absent": (
        "输入“{input}”可能缺失：请声明 optional，并由兜底行处理。",
        "Input “{input}” can be absent: declare it optional, so that the default row answers.",
    ),
    "input_unknown": ("表单与案件都没有“{input}”：{known}。", "Neither form nor case has “{input}”: {known}."),
    "input_value_not_in_table": (
        "表单的“{input}”可取 {values}，表里没有：请补入取值。",
        "The form's “{input}” can be {values}, which the table does not know: add them.",
    ),
    "input_value_not_in_form": (
        "表里“{input}”的 {values} 在表单中不存在。",
        "Values {values} of “{input}” do not exist in the form.",
    ),
}
"""Code -> (zh, en): what the author of a pack is told."""


def problem_words(language: str) -> dict[str, str]:
    """`problem.<code>` -> text, for `zh` or `en`."""
    place = ("zh", "en").index(language)
    return {
        f"problem.{code}": texts[place]
        for words in (FIELD_WORDS, PACK_WORDS, IMPORT_WORDS, CHECK_WORDS)
        for code, texts in words.items()
    }


def problem_text(problem: PackProblem, language: str) -> str:
    """What is wrong with a pack, in words; lists among the params are joined."""
    params = {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in problem.params.items()
    }
    return problem_words(language)[f"problem.{problem.code}"].format_map(params)
